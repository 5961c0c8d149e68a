"""What sinks keep of a case is gone, in the transaction that keeps the notice of its erasure."""

import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text

from connectors.backoffice import erasing as inbox_erasing
from connectors.backoffice.sink import BackOffice
from connectors.backoffice.tables import faulty, inbox
from connectors.backoffice.upgrade import upgrade as upgrade_inbox
from connectors.base import Delivered, Sink
from connectors.mailbox import store as mailbox_store
from connectors.mailbox.sink import Mailboxes
from connectors.mailbox.store import State
from connectors.mailbox.store import Store as Mailbox
from connectors.mailbox.upgrade import upgrade as upgrade_mailbox
from connectors.sql.database import open_database
from connectors.sql.scrubbing import scrub
from connectors.webhook.queue import Queue
from connectors.webhook.queue import readable as waiting_with_content
from connectors.webhook.sink import Webhook
from connectors.webhook.store import Store as WebhookStore
from hub.casework.desk import Terms
from schemas.codec import Record, encode
from schemas.envelope import Context, Event
from schemas.events.subject_erased import SubjectErased
from schemas.vocabulary import LegalBasis, Purpose
from tests.support.builders import EPPERTSHAUSEN, KFB, NOW, a_referral
from tests.support.deliveries import AT, FAMILY_NAME, PARTY, delivered, referral
from tests.support.desk_tables import DeskOf, asked

GONE, STAYS = "case-gone", "case-stays"


def a_notice(case: str = GONE, name: str = "notice-1") -> Event[SubjectErased]:
    """The hub says that the content of a case was erased."""
    data = SubjectErased(erased_at=AT, delivery_ids=("gone-1",))
    context = Context(
        type=data.wire_type(),
        source="//kurze-wege/hub/erasure",
        id=name,
        subject=case,
        time=AT,
        purpose=Purpose.ACCOUNTABILITY,
        legalbasis=LegalBasis.GDPR_5_2,
        dataclassification=data.CLASSIFICATION,
        recipient=PARTY,
    )
    return Event(context, data)


def _delivered(*records: Record) -> Sequence[Delivered]:
    return [delivered(number, record) for number, record in enumerate(records)]


GIVEN = _delivered(
    encode(referral("gone-1", GONE, recipient=PARTY)),
    encode(referral("stays-1", STAYS, recipient=PARTY)),
    Record(GONE.encode(), f"{{{FAMILY_NAME}".encode(), []),
    Record(STAYS.encode(), b"{not read either", []),
    encode(a_notice()),
)


@pytest.fixture(params=["in one batch", "one by one"])
def write(request: pytest.FixtureRequest) -> Callable[[Sink], None]:
    """Hands the deliveries to a sink, all at once or each by itself."""

    def hand_in(sink: Sink) -> None:
        batches = [GIVEN] if request.param == "in one batch" else [[one] for one in GIVEN]
        for batch in batches:
            sink.write(batch)

    return hand_in


def test_inbox_tables(url: str, write: Callable[[Sink], None]) -> None:
    """Of the case rows keep codes and times, unread bytes go; the other case is as it was."""
    upgrade_inbox(url)
    engine = open_database(url)
    with closing(BackOffice(engine, lambda: AT)) as sink:
        write(sink)
        with engine.begin() as connection:
            found = connection.execute(text("SELECT event_id, data FROM inbox"))
            rows = {row.event_id: str(row.data) for row in found}
            unread = connection.execute(text("SELECT record_key FROM faulty")).scalars().all()
            left = [inbox_erasing.readable(connection, case) for case in (GONE, STAYS)]
            told = connection.execute(text("SELECT type FROM inbox WHERE event_id = 'notice-1'"))
            assert told.scalar_one() == "subject.erased"
        assert FAMILY_NAME not in str(rows["gone-1"])
        assert FAMILY_NAME in str(rows["stays-1"])
        assert [bytes(key) for key in unread] == [STAYS.encode()]
        assert left == [0, 2]


def test_nothing_in_sqlites_files(tmp_path: Path, write: Callable[[Sink], None]) -> None:
    """Scrubbed, no byte of what was erased is left in the database's files."""
    url = f"sqlite:///{tmp_path / 'inbox.sqlite'}"
    upgrade_inbox(url)
    engine = open_database(url)
    with closing(BackOffice(engine, lambda: AT)) as sink:
        write(sink)
        sink.write([delivered(9, encode(a_notice(STAYS, "notice-2")))])
        scrub(engine, (inbox, faulty))
        name = FAMILY_NAME.encode()
        assert [file.name for file in tmp_path.iterdir() if name in file.read_bytes()] == []


def test_mailbox(url: str, write: Callable[[Sink], None]) -> None:
    """An item of the case has expired, whether it was collected or not; the notice is there."""
    upgrade_mailbox(url)
    engine = open_database(url)
    store = Mailbox(open_database(url))
    with closing(Mailboxes(engine, lambda: AT)) as sink, closing(store):
        write(sink)
        states = [store.collect(PARTY, name, AT).state for name in ("gone-1", "notice-1")]
        assert states == [State.EXPIRED, State.COLLECTED]
        assert [one.subject for one in store.listed(PARTY, 0, 9)] == [STAYS, GONE]
        assert store.uncollected(PARTY, AT.replace(year=2027), 9)[0].subject == STAYS
        with engine.begin() as connection:
            left = [mailbox_store.readable(connection, case) for case in (GONE, STAYS)]
        assert left == [0, 2]


def test_webhook(tmp_path: Path, write: Callable[[Sink], None]) -> None:
    """What waits of the case is not sent any more; the notice is, and so is the other case."""
    store = WebhookStore(tmp_path / "webhook.sqlite")
    with closing(Webhook(store, lambda: AT, 100)) as sink:
        write(sink)
        queue = Queue(store, PARTY, "address")
        sent = []
        while (first := queue.first()) is not None:
            sent.append(first.event_id)
            queue.delivered(first, AT.timestamp())
        assert sorted(sent) == ["notice-1", "stays-1"]
        assert waiting_with_content(store, GONE) == 0
    with closing(sqlite3.connect(tmp_path / "webhook.sqlite")) as connection:
        bodies = connection.execute("SELECT count(*) FROM outgoing WHERE body IS NOT NULL")
        assert bodies.fetchone() == (0,)


def test_desk(desk_of: DeskOf) -> None:
    """At a desk content and what was said by hand are gone; the case stays with its codes."""
    kfb = asked(desk_of, note="Kommt mit ihrer Schwester.")
    assert kfb.desk.open("case-1", "anna", NOW).content is not None
    kfb.put(encode(a_notice("case-1")))
    kfb.deliver()
    opened = kfb.desk.open("case-1", "anna", NOW)
    assert (opened.content, list(opened.papers)) == (None, [])
    assert kfb.count("SELECT count(*) FROM inbox WHERE CAST(data AS TEXT) LIKE '%Beispiel%'") == 0
    assert "subject.erased" in [moment.what for moment in kfb.desk.history("case-1")]


def test_desk_that_asked(desk_of: DeskOf) -> None:
    """What a clerk sent from here is erased in the outbox as well."""
    town = desk_of(EPPERTSHAUSEN)
    terms = Terms(Purpose.INTEGRATION, LegalBasis.SGB10_69)
    case = town.desk.start(a_referral().data, terms, "bert", "form-1", NOW)
    town.send()
    town.deliver()
    notice = a_notice(case)
    there = Event(notice.context.model_copy(update={"recipient": EPPERTSHAUSEN}), notice.data)
    town.put(encode(there))
    town.deliver()
    named = "SELECT count(*) FROM outbox WHERE CAST(payload AS TEXT) LIKE '%Beispiel%'"
    assert town.count(named) == 0


def test_a_notice_of_an_unknown_case(desk_of: DeskOf) -> None:
    """A desk that never had the case makes none of it."""
    kfb = desk_of(KFB)
    kfb.put(encode(a_notice("case-unknown")))
    kfb.deliver()
    assert kfb.count("SELECT count(*) FROM case_files") == 0
