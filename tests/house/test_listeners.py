"""No listener is open by mistake, and nothing has a password to begin with."""

import re
from pathlib import Path
from typing import Any, Final, get_args

import pytest
from pydantic import SecretStr

from hub.errors import ConfigError
from hub.origins import load
from hub.settings import Listener, Settings
from hub.settings_fields import every_setting
from tests.support.compose import compose

LISTENERS: Final[tuple[str, ...]] = get_args(Listener)
WITH_TLS: Final = ("http_api", "mailbox", "web")
"""Who also ask everybody who they are; the others never do."""
MORE: Final[dict[str, dict[str, object]]] = {"web": {"web.public_url": "https://desk.example"}}
EVERYWHERE: Final = ("0.0.0.0", "::", "192.0.2.7", "hub.example")  # noqa: S104 - refused
URL: Final = re.compile(r"://[^/@]*:[^/@]+@")
WEAK: Final = re.compile(
    r"\b(changeit|changeme|change-me|letmein|hunter2|passw0rd|password123?|admin123?)\b",
    re.IGNORECASE,
)
KINDS: Final = {".yml", ".yaml", ".toml", ".env", ".ini", ".sh", ".properties", ".py"}
REFUSED: Final = Path("hub/access/passwords.py")
"""It holds passwords that are refused because everybody knows them."""
SETS: Final = re.compile(
    r"^\s*[\w.-]*(?:password|passwd|secret)[\w.-]*\s*[:=]\s*(\S.*)$", re.IGNORECASE
)


def beyond(section: str, host: str = "192.0.2.7", **said: object) -> dict[str, object]:
    """Flags by which this listener is to be reached by others."""
    own = {f"{section}.{name}": value for name, value in said.items()}
    return {f"{section}.host": host, **MORE.get(section, {}), **own}


def test_every_section_with_an_address_of_its_own_is_a_listener() -> None:
    """Who adds a listener adds it to those that must be said twice."""
    names = {one.path[0] for one in every_setting(Settings) if one.path[1:] == ("host",)}

    assert names == set(LISTENERS)


@pytest.mark.parametrize("section", LISTENERS)
def test_by_default_only_this_machine_is_heard(section: str) -> None:
    """Nobody else reaches a listener that was told nothing."""
    options = getattr(load(), section)
    assert options.host == "127.0.0.1"
    assert not options.is_open


@pytest.mark.parametrize("host", EVERYWHERE)
@pytest.mark.parametrize("section", LISTENERS)
def test_to_be_open_it_must_be_said_twice(section: str, host: str) -> None:
    """Neither word alone is enough, and each refusal says what to do."""
    with pytest.raises(ConfigError, match=r"say it twice: set allow_public here and name"):
        load(beyond(section, host))
    with pytest.raises(ConfigError, match=r"say it twice: set allow_public here and name"):
        load(beyond(section, host) | {"unprotected_listeners": section})
    with pytest.raises(ConfigError, match=rf"others would reach {section} without TLS or without"):
        load(beyond(section, host, allow_public=True))
    others = [one for one in LISTENERS if one != section]
    with pytest.raises(ConfigError, match=rf"others would reach {section} without TLS or without"):
        load(beyond(section, host, allow_public=True) | {"unprotected_listeners": others})

    said = load(beyond(section, host, allow_public=True) | {"unprotected_listeners": section})
    assert getattr(said, section).is_open


@pytest.mark.parametrize("section", LISTENERS)
def test_with_tls_and_sign_in_nothing_need_be_said(section: str, tmp_path: Path) -> None:
    """Where both are there others may come; a listener that asks nobody stays shut."""
    tls = {"tls_certificate": str(tmp_path / "a.pem"), "tls_key": str(tmp_path / "a.key")}
    if section in WITH_TLS:
        assert not getattr(load(beyond(section, **tls)), section).is_open
    else:
        with pytest.raises(ConfigError):
            load(beyond(section, **tls))


def test_compose_says_it_twice_and_publishes_on_loopback() -> None:
    """Whoever is open in its container is reached from this host only."""
    for one in compose().services.values():
        opened = {name for name in one.environment if name.endswith("__ALLOW_PUBLIC")}
        named = one.environment.get("HUB_UNPROTECTED_LISTENERS", "")
        assert opened == ({f"HUB_{named.upper()}__ALLOW_PUBLIC"} if named else set())
        assert all(port.startswith("127.0.0.1:") for port in one.ports)


def test_no_setting_has_a_secret_to_begin_with() -> None:
    """Neither a password nor a database address with one."""
    for one in every_setting(Settings):
        value: Any = one.default
        plain = value.get_secret_value() if isinstance(value, SecretStr) else str(value)
        assert not URL.search(plain), one.name
        if one.secret:
            assert value is None or not plain or plain.startswith("sqlite:///"), one.name


def test_no_file_has_a_password_that_everybody_knows() -> None:
    """Neither code nor deployment; what is to be replaced is never replaced."""
    files = [Path("docker-compose.yml")]
    for room in ("hub", "connectors", "schemas"):
        files += [one for one in Path(room).rglob("*") if one.suffix in KINDS and one.is_file()]
    found = [
        f"{file}: {line.strip()}"
        for file in files
        for line in file.read_text(encoding="utf-8").splitlines()
        if (WEAK.search(line) and file != REFUSED) or _assigned(file, line)
    ]

    assert found == []


def _assigned(file: Path, line: str) -> bool:
    """Whether a file of settings gives a secret by its value; code is ruff's to look at (S105)."""
    said = SETS.match(line)
    if file.suffix == ".py" or said is None or file.suffix == ".sh":
        return False
    return not re.match(r"(/run/secrets/|\{file:|\$|\[|&|\*)", said[1]) and "FILE" not in line
