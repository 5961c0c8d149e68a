"""The files that settings name, as `hub doctor` sees them."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from hub.broker import certificates
from hub.doctor import files
from hub.doctor.check import Check, Health
from hub.origins import load

NOW = datetime.now(UTC)
LAST_DAY = NOW + certificates.VALID


@pytest.fixture(name="pem")
def _pem(tmp_path: Path) -> tuple[Path, Path]:
    """An authority's certificate, and a key with its certificate in one file."""
    signs = certificates.Authority("Invented authority")
    authority, node = tmp_path / "ca.pem", tmp_path / "node.pem"
    authority.write_bytes(signs.certificate)
    node.touch(mode=0o600)
    node.write_bytes(signs.issue("node", ["localhost"]))
    return authority, node


def _found(given: Mapping[str, object], now: datetime = NOW) -> dict[str, Check]:
    return {one.part: one for one in files.of(load(given), now)}


def test_nothing_named() -> None:
    """Where the settings name no file there is nothing to say."""
    assert _found({}) == {}


def test_all_is_well(pem: tuple[Path, Path]) -> None:
    """A certificate is good with its last day, a key without more."""
    authority, node = pem
    given = {"tls_certificate": node, "tls_key": node}
    found = _found(
        {f"http_api.{name}": str(file) for name, file in given.items()}
        | {"kafka.ca_file": str(authority)}
    )

    assert {one.health for one in found.values()} == {Health.OK}
    assert f"{LAST_DAY:%Y-%m-%d}" in found["file http_api.tls_certificate"].found
    assert set(found) == {
        *("file kafka.ca_file", "file http_api.tls_certificate", "file http_api.tls_key")
    }


@pytest.mark.parametrize(
    ("before_the_end", "health"),
    [
        (timedelta(days=31), Health.OK),
        (timedelta(days=29), Health.WARN),
        (timedelta(days=-1), Health.FAIL),
    ],
)
def test_expiry(pem: tuple[Path, Path], before_the_end: timedelta, health: Health) -> None:
    """A certificate is named a month before it expires, and fails once it has."""
    content = pem[0].read_bytes()
    found = files.certificates("file own", "own.pem", content, LAST_DAY - before_the_end)

    assert found.health is health
    assert bool(found.remedy) is (health is not Health.OK)


def _no_key(folder: Path) -> str:
    (folder / "own.pem").write_text("no key at all", "utf-8")
    return "ledger.signing_key"


def _no_certificate(folder: Path) -> str:
    (folder / "own.pem").write_text("no certificate at all", "utf-8")
    return "kafka.ca_file"


def _no_tokens(folder: Path) -> str:
    (folder / "own.pem").write_text("open-token kfb", "utf-8")
    return "http_api.tokens_file"


def _nothing(_folder: Path) -> str:
    return "http_api.tokens_file"


@pytest.mark.parametrize("prepare", [_no_key, _no_certificate, _no_tokens, _nothing])
def test_of_no_use(tmp_path: Path, prepare: Callable[[Path], str]) -> None:
    """A file that is missing or holds something else is a failure that names setting and file."""
    setting = prepare(tmp_path)
    (found,) = _found({setting: str(tmp_path / "own.pem")}).values()

    assert (found.part, found.health) == (f"file {setting}", Health.FAIL)
    assert "own.pem" in found.found
    assert "open-token" not in found.found
    assert found.remedy


def test_a_key_that_everybody_may_read(pem: tuple[Path, Path]) -> None:
    """A private key that others on the machine may read is a warning."""
    pem[1].chmod(0o644)
    (found,) = _found({"ledger.signing_key": str(pem[1])}).values()

    assert found.health is Health.WARN
    assert found.remedy == f"chmod o= {pem[1]}"
