"""The credential sheet says everything an administrator needs, and is for one reader."""

import re
import subprocess
from datetime import UTC, datetime, timedelta
from html import unescape
from pathlib import Path
from shutil import which

import pytest

from hub.broker.certificates import Authority
from hub.errors import ConfigError
from hub.membership import sheet
from hub.membership.issuing import issue
from tests.support.parts import missing

NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)
ISSUED = issue(2, NOW, NOW + timedelta(days=365))
TO = sheet.Addressed(
    party="06432005",
    name="Eppertshausen <Rathaus>",
    user="party.06432005.2",
    topic="to.06432005",
    groups="party.06432005.",
    bootstrap="kafka.example:9092",
    door_url="https://hub.example",
    mailbox_url="https://post.example",
    contact="Betrieb, 06151 000",
    authority=None,
)


def test_it_says_what_is_needed() -> None:
    """Address, user and secret of each way, validity, whom to call; in German, dates in Berlin."""
    text = unescape(sheet.page(TO, ISSUED, NOW + timedelta(days=1)))

    for said in (
        *(ISSUED.password, ISSUED.door_token, ISSUED.mailbox_token),
        *("https://hub.example/events", "https://post.example/mailbox/06432005"),
        *("kafka.example:9092", "party.06432005.2", "to.06432005", "SCRAM-SHA-512"),
        *("27.11.2026, 13:00 Uhr", "27.11.2027, 13:00 Uhr", "28.11.2026, 13:00 Uhr"),
        *("Betrieb, 06151 000", "//kurze-wege/06432005/", '<html lang="de">'),
    ):
        assert said in text


def test_a_name_is_no_markup() -> None:
    """What the registry calls a party is shown as it stands there."""
    assert "Eppertshausen &lt;Rathaus&gt;" in sheet.page(TO, ISSUED, None)


def test_what_is_open_is_said_to_be() -> None:
    """Without addresses and a contact the sheet still reads as a whole."""
    bare = TO._replace(door_url="", mailbox_url="", contact="")

    text = sheet.page(bare, ISSUED, None)

    assert "wird Ihnen mitgeteilt" in text
    assert "bisherige gelten bis" not in text
    assert re.findall(r"\{[{%]", text) == []


def test_the_fingerprint_is_what_openssl_prints(tmp_path: Path) -> None:
    """An administrator can compare it on the telephone."""
    if which("openssl") is None:
        missing("openssl", "apt-get install openssl")
    authority = Authority("Kurze Wege").certificate
    (tmp_path / "ca.pem").write_bytes(authority)

    words = ("openssl", "x509", "-noout", "-fingerprint", "-sha256", "-in", tmp_path / "ca.pem")
    told = subprocess.run(words, capture_output=True, text=True, check=True).stdout

    assert sheet.fingerprint(authority) == told.partition("=")[2].strip()
    text = sheet.page(TO._replace(authority=authority), ISSUED, None)
    assert sheet.fingerprint(authority) in text
    assert authority.decode().strip() in unescape(text)


def test_what_is_no_certificate_is_refused() -> None:
    """With the setting that names it."""
    with pytest.raises(ConfigError) as told:
        sheet.fingerprint(b"nothing")
    assert told.value.where == "kafka.ca_file"


def test_only_its_owner_reads_it(tmp_path: Path) -> None:
    """Also where one of that name was there, open to everybody."""
    for text in ("one", "two"):
        file = sheet.keep(tmp_path, "kfb", 1, text)
        assert file.stat().st_mode & 0o077 == 0
        assert file.read_text("utf-8") == text
        file.chmod(0o644)
