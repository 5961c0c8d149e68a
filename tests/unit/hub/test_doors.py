"""What connectors are started with, and how those end that do several things at a time."""

import errno
import threading
from datetime import timedelta
from functools import partial

import pytest

from connectors.mailbox.store import Uncollected
from hub import doors
from hub.demo.options import CONNECTORS
from hub.doors.asked import no_address
from hub.doors.carrying import together
from hub.doors.uncollected import report
from hub.errors import ConfigError, ExitCode
from hub.origins import load
from tests.support.answers import DISTRICT, Hub
from tests.support.builders import NOW, a_referral

HASH = "a" * 64


def test_every_connector_is_told_of() -> None:
    """`up` says of each connector that there is whether it is configured, and of no other."""
    assert set(doors.configured(load())) == set(doors.DOORS)


def test_what_is_configured_by_nothing() -> None:
    """Without any setting only the ledger is kept; each other one names what it needs."""
    found = doors.configured(load({"file_drop.root": "nowhere"}))

    assert [name for name, lacks in found.items() if not lacks] == ["ledger"]
    assert found["webhook"] == "webhook.receivers is not set"
    assert found["hsds"] == found["offers"] == "hsds.parties is not set"


@pytest.mark.parametrize(
    ("name", "setting", "value"),
    [
        ("file_drop", "file_drop.parties", "kfb"),
        ("http_api", "http_api.tokens", {HASH: "kfb"}),
        ("http_api", "http_api.tokens_file", "tokens"),
        ("sql_outbox", "sql_outbox.database", "sqlite:///outbox"),
        ("backoffice", "backoffice.parties", "kfb"),
        ("webhook", "webhook.receivers", {"kfb": "https://kfb.invalid/"}),
        ("mailbox", "mailbox.parties", "kfb"),
        ("web", "web.party", "kfb"),
        ("offers", "hsds.parties", "kfb"),
        ("hsds", "hsds.parties", "kfb"),
    ],
)
def test_what_configures_a_connector(name: str, setting: str, value: object) -> None:
    """One setting is enough for a connector to be among those that `up` runs."""
    assert doors.configured(load({setting: value}))[name] == ""


def test_a_mailbox_nobody_could_open() -> None:
    """Without tokens nobody could collect anything: said before anything is read."""
    with pytest.raises(ConfigError) as refused:
        doors.connect(load({"mailbox.parties": "kfb"}), "mailbox", threading.Event())
    assert refused.value.where == "mailbox.tokens_file"


def test_what_is_late_is_said_in_the_contracts_words() -> None:
    """Of a copy its sender is told; of a receipt and of a step of the hub's own nobody is."""
    copy = Hub().takes(a_referral(id="e-17")).copies["kfb"].context
    item = Uncollected(
        party="kfb",
        event_id=copy.id,
        type=copy.type,
        subject=copy.subject,
        source=copy.source,
        sender=copy.sender,
        cause_id=copy.causationid,
        received_at=NOW,
        collected_at=None,
    )
    said = report(item, NOW, DISTRICT)
    again = report(item, NOW + timedelta(days=1), DISTRICT)

    assert said is not None
    assert again is not None
    assert Hub().takes(said).notices
    assert said.context.id == again.context.id
    assert said.data == again.data
    assert report(item._replace(type="receipt.delivered.v1"), NOW, DISTRICT) is None
    expired = item._replace(type="referral.status-changed.v1", sender=None, cause_id=None)
    assert report(expired, NOW, DISTRICT) is None


def test_a_demo_calls_nobody_and_takes_from_nobody() -> None:
    """Whatever is configured, a demo runs no webhook, no mailbox and no real party's outbox."""
    assert set(CONNECTORS) <= set(doors.DOORS)
    assert {"webhook", "sql_outbox", "mailbox"}.isdisjoint(CONNECTORS)


def test_several_end_when_told() -> None:
    """What is done at a time ends when it is time to stop."""
    stop = threading.Event()
    ended: list[bool] = []

    def job() -> None:
        stop.set()
        ended.append(stop.wait(10))

    together([job, job, job], stop)
    assert ended == [True, True, True]


def test_what_one_raises_ends_all() -> None:
    """A fault in one of several ends the others, and is the caller's to see."""
    stop = threading.Event()
    ended: list[bool] = []

    def fails() -> None:
        raise ArithmeticError

    with pytest.raises(ArithmeticError):
        together([lambda: ended.append(stop.wait(10)), fails], stop)
    assert ended == [True]


def test_an_address_or_a_certificate() -> None:
    """Of an address that is taken, and of a certificate that is missing, the setting is named."""
    said = partial(no_address, section="hsds", host="127.0.0.1", port=8091)
    taken = said(OSError(errno.EADDRINUSE, "taken"))
    missing = said(FileNotFoundError(errno.ENOENT, "missing", "own.pem"))

    assert (taken.exit_code, taken.where) == (ExitCode.FAILED, "127.0.0.1:8091")
    assert "hsds.port" in taken.remedy
    assert (missing.exit_code, missing.where) == (
        ExitCode.USAGE,
        "hsds.tls_certificate and tls_key",
    )
