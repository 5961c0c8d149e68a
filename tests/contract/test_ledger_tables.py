"""The ledger's tables on SQLite and PostgreSQL: filled once, never half, and read by any id."""

import threading
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, text
from structlog.testing import capture_logs

from connectors.backoffice.sink import BackOffice
from connectors.backoffice.tables import inbox
from connectors.backoffice.upgrade import upgrade as upgrade_inbox
from connectors.base import Delivered
from connectors.errors import Broken, Later
from connectors.sql.database import open_database
from hub.stores.ledger import days, figures
from hub.stores.ledger.cases import cases
from hub.stores.ledger.reading import NoLedger, open_existing, open_ledger
from hub.stores.ledger.senders import sent_since
from hub.stores.ledger.sink import LedgerSink
from hub.stores.ledger.stored import stored
from hub.stores.ledger.tables import metadata
from hub.stores.ledger.upgrade import STEPS, upgrade
from hub.trail import local_time
from hub.trail.line import Line
from schemas.codec import Record, encode
from schemas.topics import LEDGER
from tests.support.deliveries import AT, referral
from tests.support.ledger_lines import EPPERTSHAUSEN, KFB, a_record, at, on_ledger
from tests.support.postgres import Postgres

SPAN = (local_time.begin(date(2026, 3, 1)), local_time.end(date(2026, 3, 31)))
STATUS = {"event_type": "referral.status-changed.v1", "sender": KFB, "recipients": [EPPERTSHAUSEN]}
MOVED = "address-change.reported.v1"


@pytest.fixture(scope="module")
def on_postgres(postgres: Postgres) -> str:
    """One PostgreSQL database with the tables, for all of these tests."""
    made = postgres.new_database()
    upgrade(made)
    return made


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database of each kind with the tables, empty."""
    if request.param == "sqlite":
        new = f"sqlite:///{tmp_path / 'not' / 'there' / 'ledger.sqlite'}"
        upgrade(new)
        return new
    shared: str = request.getfixturevalue("on_postgres")
    made = open_database(shared)
    with made.begin() as connection:
        connection.execute(text("TRUNCATE ledger, written, ledger_positions"))
    made.dispose()
    return shared


@pytest.fixture
def sink(url: str) -> Iterator[LedgerSink]:
    """A sink to it."""
    with closing(LedgerSink(open_database(url))) as made:
        yield made


@pytest.fixture
def engine(url: str) -> Iterator[Engine]:
    """An engine that reads it."""
    made = open_ledger(url)
    yield made
    made.dispose()


def found(engine: Engine, wanted: str) -> list[list[Line]]:
    """The cases of an id."""
    with engine.connect() as connection:
        return cases(connection, wanted)


def offsets(engine: Engine) -> list[int]:
    """Asked without our code: which lines are kept."""
    with engine.connect() as connection:
        rows = connection.execute(text("SELECT line_offset FROM ledger ORDER BY 1"))
        return [row[0] for row in rows]


def test_migrations_make_the_tables(url: str) -> None:
    """After the upgrade nothing differs from the tables of the code; again, nothing happens."""
    upgrade(url)
    made = open_database(url)
    with made.connect() as connection:
        options = {
            "compare_type": True,
            "version_table": STEPS.version_table,
            "include_name": lambda name, kind, _: kind != "table" or name in metadata.tables,
        }
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, metadata) == []
    made.dispose()


def test_beside_the_inbox(url: str) -> None:
    """Ledger and inbox may live in one database."""
    upgrade_inbox(url)
    upgrade(url)
    with closing(BackOffice(open_database(url), lambda: AT)) as inbox_sink:
        assert not inbox_sink.positions(["to.nobody"])


def test_lines_and_position(url: str, sink: LedgerSink, engine: Engine) -> None:
    """What is written is kept, and the position stands behind it, for another sink too."""
    sink.write(list(on_ledger(a_record() for _ in range(3))))
    with closing(LedgerSink(open_database(url))) as another:
        assert another.positions([LEDGER.name]) == {(LEDGER.name, 0): 3}
        assert not another.positions(["other.ledger"])
    assert offsets(engine) == [0, 1, 2]


def test_probes_count_nowhere(url: str, sink: LedgerSink, engine: Engine) -> None:
    """A line about a probe is passed over: no figure, rhythm or statement can count it."""
    probe = {"event_type": "probe.sent.v1", "sender": EPPERTSHAUSEN, "topic": "probes"}
    sink.write(list(on_ledger([a_record(), a_record(**probe), a_record()])))
    with closing(LedgerSink(open_database(url))) as another:
        assert another.positions([LEDGER.name]) == {(LEDGER.name, 0): 3}
    assert offsets(engine) == [0, 2]


def test_handed_in_again(url: str, sink: LedgerSink, engine: Engine) -> None:
    """Lines handed in again change nothing, to the same sink or to another."""
    batch = list(on_ledger(a_record() for _ in range(6)))
    sink.write(batch[:4])
    sink.write(batch[:4])
    with closing(LedgerSink(open_database(url))) as another:
        another.write(batch[2:])
    sink.write(batch)
    assert offsets(engine) == [0, 1, 2, 3, 4, 5]


def test_two_at_once(url: str, engine: Engine) -> None:
    """Of two sinks that write the same lines at once, each is kept by one of them."""
    batch = list(on_ledger(a_record() for _ in range(60)))
    failed: list[BaseException] = []
    together = threading.Barrier(2)

    def write(size: int) -> None:
        try:
            with closing(LedgerSink(open_database(url))) as made:
                together.wait()
                for first in range(0, 60, size):
                    _until_written(made, batch[first : first + size])
        except BaseException as error:  # noqa: BLE001 - shown by the test
            failed.append(error)

    writers = [threading.Thread(target=write, args=(size,)) for size in (3, 7)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert not failed
    assert offsets(engine) == list(range(60))


def test_all_or_none(sink: LedgerSink, engine: Engine) -> None:
    """A line that the database refuses leaves neither rows nor position."""
    good, bad = on_ledger([a_record(), a_record(topic="t" * 300)])
    same_place = Delivered(bad.topic, bad.topic, 0, 0, bad.timestamp_ms, bad.record)
    with pytest.raises(Broken):
        sink.write([good, same_place])
    assert offsets(engine) == []
    assert not sink.positions([LEDGER.name])


def test_set_back(url: str, sink: LedgerSink) -> None:
    """A sink does not go on when the database fell behind what it had kept: a gap would open."""
    batch = list(on_ledger(a_record() for _ in range(6)))
    sink.write(batch[:5])
    made = open_database(url)
    with made.begin() as connection:
        connection.execute(text("DELETE FROM ledger WHERE line_offset > 2"))
        connection.execute(text("UPDATE ledger_positions SET next_offset = 3"))
    made.dispose()
    with pytest.raises(Broken, match="not the one"):
        sink.write(batch[5:])


def test_unreadable(sink: LedgerSink, engine: Engine) -> None:
    """What is no line of the ledger is logged and stops nothing."""
    foreign = [Record(b"k", b"\xff", [("ce_id", b"x")]), encode(referral("e-1"))]
    with capture_logs() as logs:
        sink.write(list(on_ledger([a_record(), *foreign, a_record()])))
    assert offsets(engine) == [0, 3]
    assert [line["offset"] for line in logs] == [1, 2]


def test_times_no_calendar_has(sink: LedgerSink, engine: Engine) -> None:
    """A time in the year 1 of an eastern zone stops nothing: it is left out."""
    sink.write(list(on_ledger([a_record("case-9", sent_at="0001-01-01T00:00:00+14:00")])))
    assert found(engine, "case-9")[0][0].sent_at is None


def test_a_line_comes_back_as_it_was_said(sink: LedgerSink, engine: Engine) -> None:
    """Codes, times and what was written are those of the line; versions are left out."""
    step = {
        "service": "debt_counselling",
        "owner": KFB,
        "due_at": at("2026-03-09 16:00"),
        "first_received_at": at("2026-02-27 10:00"),
        "first_received_by": EPPERTSHAUSEN,
    }
    notice = {"to": "06432004", "event_type": "reminder.due.v1", "event_id": "n-1", "rule": "r"}
    said = a_record("case-9", event_id="e-9", delivery_ids=["d-9"], receipt_id="r-9", step=step)
    sink.write(list(on_ledger([said, a_record("case-9", notices=[notice], **STATUS)])))

    first, second = found(engine, "case-9")[0]
    assert first.event_type == "referral.requested"
    assert (first.service, first.owner, first.due_at) == (
        "debt_counselling",
        KFB,
        at("2026-03-09 16:00"),
    )
    assert first.first_received_at == at("2026-02-27 10:00")
    assert first.recorded_at == at("2026-03-02 09:00")
    assert [(one.party, one.event_id, one.event_type) for one in first.written] == [
        (KFB, "d-9", "referral.requested"),
        (EPPERTSHAUSEN, "r-9", "receipt.delivered"),
    ]
    assert [(one.party, one.event_type) for one in second.notices] == [("06432004", "reminder.due")]
    assert [copy.party for copy in second.copies] == [EPPERTSHAUSEN]


@pytest.mark.parametrize("wanted", ["case-9", "e-9", "d-9", "r-9", "n-9"])
def test_found_by_any_id(sink: LedgerSink, engine: Engine, wanted: str) -> None:
    """A case is found by its id, an event's, a copy's, a receipt's and a notice's."""
    notice = {"to": KFB, "event_type": "handover.opened.v1", "event_id": "n-9"}
    said = a_record(
        "case-9", event_id="e-9", delivery_ids=["d-9"], receipt_id="r-9", notices=[notice]
    )
    sink.write(list(on_ledger([a_record("case-8"), said, a_record("case-9", **STATUS)])))
    assert [[line.subject for line in case] for case in found(engine, wanted)] == [
        ["case-9", "case-9"]
    ]


def test_an_event_id_of_two_senders(sink: LedgerSink, engine: Engine) -> None:
    """An id is unique within its source only: both cases are found."""
    both = [a_record("case-8", event_id="e-1"), a_record("case-9", event_id="e-1")]
    sink.write(list(on_ledger(both)))
    assert [case[0].subject for case in found(engine, "e-1")] == ["case-8", "case-9"]
    assert found(engine, "nothing") == []


def test_streams_of_a_report(sink: LedgerSink, engine: Engine) -> None:
    """A report gets whole cases of its time, the refused events, and open hand-overs."""
    opened = {"to": KFB, "event_type": "handover.opened.v1", "event_id": "n-9"}
    april = at("2026-04-01 09:00")
    expired = {"verdict": "timed", "event_type": None, "step": {"status": "expired"}}
    accepted = {"step": {"status": "accepted"}, **STATUS}
    sink.write(
        list(
            on_ledger(
                [
                    a_record("case-2"),
                    a_record("case-1"),
                    a_record("case-2", received_at=april, **accepted),
                    a_record("case-3", received_at=april),
                    a_record("case-4", verdict="refused", problems=["no-recipient"]),
                    a_record("case-5", event_type=MOVED, notices=[opened]),
                    a_record("case-5", event_type="handover.continued.v1", received_at=april),
                    a_record("case-6", event_type=MOVED),
                    a_record("case-1", verdict="repeated"),
                    a_record("case-1", **expired),
                ]
            )
        )
    )
    with engine.connect() as connection:
        ways = [(line.subject, line.status) for line in figures.referrals(connection, *SPAN)]
        refused = [(line.subject, line.problems) for line in figures.refused(connection, *SPAN)]
        moves = [(line.subject, line.event_type) for line in figures.handovers(connection, *SPAN)]
    assert ways == [
        ("case-1", None),
        ("case-1", "expired"),
        ("case-2", None),
        ("case-2", "accepted"),
    ]
    assert refused == [("case-4", "no-recipient")]
    assert list(dict.fromkeys(moves)) == [
        ("case-5", "address-change.reported"),
        ("case-5", "handover.continued"),
    ]


def test_days(sink: LedgerSink, engine: Engine) -> None:
    """A statement gets what was written to its party on its day, and the gaps in its numbers."""
    day = date(2026, 3, 2)
    span = (local_time.begin(day), local_time.end(day))
    before, late = at("2026-03-01 12:00"), at("2026-03-02 23:59")
    records = [
        a_record(sequence=4, received_at=before),
        a_record(sequence=5, delivery_ids=["d-1"], receipt_id="r-1"),
        a_record(sequence=8, delivery_ids=["d-2"], receipt_id="r-2", received_at=late),
        a_record(verdict="repeated", delivery_ids=[], receipt_id="r-3", sequence=8),
        a_record(received_at=at("2026-03-03 00:00"), sequence=20),
    ]
    sink.write(list(on_ledger(records)))
    with engine.connect() as connection:
        to_kfb = {row.event_id for row in days.written_to(connection, KFB, *span)}
        to_sender = {row.event_id for row in days.written_to(connection, EPPERTSHAUSEN, *span)}
        (numbers,) = days.numbers_of(connection, EPPERTSHAUSEN, *span)
        until = days.read_until(connection)
    assert to_kfb == {"d-1", "d-2"}
    assert to_sender == {"r-1", "r-2", "r-3"}
    assert (numbers.first, numbers.last, numbers.count, numbers.missing) == (5, 8, 2, ((6, 7),))
    assert until == at("2026-03-02 09:00:04")


def test_stored(url: str, sink: LedgerSink, engine: Engine) -> None:
    """When a copy was kept stands in its recipient's inbox table."""
    upgrade_inbox(url)
    copy = Delivered(KFB, "to.kfb", 0, 0, 0, encode(referral("d-9", "case-9", recipient=KFB)))
    with closing(BackOffice(open_database(url), lambda: AT)) as inbox_sink:
        inbox_sink.write([copy])
    both = [a_record("case-9", delivery_ids=["d-9"]), a_record("case-9", delivery_ids=["d-10"])]
    sink.write(list(on_ledger(both)))
    lines = found(engine, "case-9")[0]
    with engine.connect() as connection:
        assert stored(connection, lines) == {"d-9": AT}
        assert stored(connection, []) == {}


def test_a_reader_does_not_hold_up_the_writer(sink: LedgerSink, engine: Engine) -> None:
    """Lines are kept while somebody reads."""
    batch = list(on_ledger(a_record() for _ in range(4)))
    sink.write(batch[:2])
    with engine.connect() as connection:
        rows = connection.execute(text("SELECT line_offset FROM ledger"))
        assert rows.first()
        sink.write(batch[2:])
    assert offsets(engine) == [0, 1, 2, 3]


def test_nothing_there(tmp_path: Path) -> None:
    """A ledger that was never read says so; asking makes no file."""
    file = tmp_path / "ledger.sqlite"
    with pytest.raises(NoLedger):
        open_ledger(f"sqlite:///{file}")
    assert open_existing(f"sqlite:///{file}", inbox) is None
    assert not file.exists()


def test_nobody_there() -> None:
    """A database that cannot be reached raises Later and says nothing of the password."""
    with pytest.raises(Later) as said:
        open_ledger("postgresql://hub:geheim@127.0.0.1:1/nothing")
    assert "geheim" not in str(said.value)


def _until_written(sink: LedgerSink, batch: Sequence[Delivered]) -> None:
    for _ in range(200):
        try:
            return sink.write(batch)
        except Later:
            continue
    raise AssertionError("never written")


def test_who_sent_since(sink: LedgerSink, engine: Engine) -> None:
    """Each event of a known sender from a moment on, refused ones too; of nobody else."""
    lines = [
        a_record(received_at=at("2026-03-02 08:59")),
        a_record(received_at=at("2026-03-02 09:00")),
        a_record(verdict="refused", problems=["no-recipient"], received_at=at("2026-03-03 10:00")),
        a_record(sender=None, source=None, receipt_id=None, received_at=at("2026-03-03 10:01")),
    ]
    sink.write(list(on_ledger(lines)))
    with engine.connect() as connection:
        heard = list(sent_since(connection, at("2026-03-02 09:00")))

    assert sorted(heard) == [
        (EPPERTSHAUSEN, at("2026-03-02 09:00")),
        (EPPERTSHAUSEN, at("2026-03-03 10:00")),
    ]
