"""The outbox on SQLite: what becomes of its rows, and of a database that is away."""

import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text
from structlog.testing import capture_logs

from connectors.errors import Broken, Later
from connectors.sql_outbox.options import Options
from connectors.sql_outbox.source import SqlOutboxSource
from tests.contract.door_suite import MARK, Kafka, name, wrong
from tests.contract.source_suite import taken
from tests.contract.subject_outbox import AT, PARTY, Outbox, disposed
from tests.support.builders import a_referral
from tests.support.wire_forms import structured


@pytest.fixture
def outbox(tmp_path: Path) -> Iterator[Outbox]:
    """An empty outbox."""
    with disposed(Outbox.on_sqlite(tmp_path)) as made:
        yield made


def run(outbox: Outbox, script: str, **values: object) -> None:
    """What somebody does to the table by hand."""
    with outbox.engine.begin() as connection:
        connection.execute(text(script), values)


def test_marked(outbox: Outbox) -> None:
    """A published row is dated, a refused one dated and explained; nothing else changes."""
    outbox.say([structured(a_referral(id=name(1))), wrong(2, purpose=None)])
    before = outbox.rows()
    with closing(outbox.source()) as source:
        assert [event.context.id for event in taken(source, 1)] == [name(1)]
    good, bad = outbox.rows()
    assert good["published_at"] == bad["refused_at"] == "2026-03-02 09:30:00.000000"
    assert good["refused_at"] is bad["published_at"] is good["problems"] is None
    assert json.loads(bad["problems"])[0]["code"] == "purpose-missing"
    unmarked = {"published_at": None, "refused_at": None, "problems": None}
    assert [row | unmarked for row in outbox.rows()] == before


def test_deleted(tmp_path: Path) -> None:
    """Where rows are deleted, only what was refused is left."""
    with disposed(Outbox.on_sqlite(tmp_path, after="delete")) as outbox:
        outbox.say([structured(a_referral(id=name(1))), wrong(2, purpose=None)])
        with closing(outbox.source()) as source:
            taken(source, 1)
        assert [row["id"] for row in outbox.rows()] == [name(2)]


def test_mended(outbox: Outbox) -> None:
    """A refused row goes again, under its id, when it was corrected and its mark taken away."""
    outbox.say([wrong(1, purpose="curiosity")])
    kafka = Kafka()
    outbox.carry(kafka)
    assert not kafka.events
    run(outbox, "UPDATE outbox SET refused_at = NULL, problems = NULL, purpose = 'integration'")
    outbox.carry(kafka)
    assert [event.context.id for event in kafka.events] == [name(1)]


def test_many_refused_in_a_row(outbox: Outbox) -> None:
    """Any number of refused rows is passed without an event between, and logged by their codes."""
    outbox.say([wrong(100 + n, purpose=None) for n in range(50)])
    outbox.put(1)
    with capture_logs() as logs, closing(outbox.source()) as source:
        assert len(taken(source, 1)) == 1
    refused = [line for line in logs if line["event"] == "outbox_rows_refused"]
    assert sum(line["rows"] for line in refused) == 50
    assert {code for line in refused for code in line["codes"]} == {"purpose-missing"}


def test_rows_that_belong_nowhere(tmp_path: Path) -> None:
    """Rows without a case, or with bytes that are no text, are refused and hold up nobody."""
    with disposed(Outbox.on_sqlite(tmp_path)) as outbox:
        run(outbox, "DROP TABLE outbox")
        run(
            outbox,
            "CREATE TABLE outbox (id, aggregateid, type, payload, number, time, purpose,"
            " legalbasis, dataclassification, published_at, refused_at, problems)",
        )
        good = structured(a_referral(id=name(1)))
        values = {one: good[one] for one in ("type", "time", "purpose", "legalbasis")}
        values |= {"payload": json.dumps(good["data"]), "dataclassification": "social"}
        insert = (
            "INSERT INTO outbox (id, aggregateid, number, type, time, payload, purpose, legalbasis,"
            " dataclassification) VALUES (:id, :case, :number, :type, :time, :payload, :purpose,"
            " :legalbasis, :dataclassification)"
        )
        odd = values | {"payload": b'{"note": "\xe9"}'}
        run(outbox, insert, **values, id="1", case=None, number=1)
        run(outbox, insert, **values, id="2", case=b"\xff", number=2)
        run(outbox, insert, **odd, id="3", case="case-1", number=3)
        run(outbox, insert, **values | {"payload": 17}, id="4", case="case-1", number=4)
        run(outbox, insert, **values | {"time": None}, id="5", case="case-1", number=None)
        run(outbox, insert, **values, id="6", case="case-1", number=6)
        kafka = Kafka()
        outbox.carry(kafka)
        assert [event.context.id for event in kafka.events] == ["6"]


def test_a_giant_is_not_loaded(outbox: Outbox) -> None:
    """A payload larger than any event is refused without coming into memory."""
    outbox.put(1)
    run(outbox, "UPDATE outbox SET payload = hex(zeroblob(3000000))")
    outbox.put(1)
    with closing(outbox.source()) as source:
        assert len(taken(source, 1)) == 1
    assert outbox.refused() == {0: {"event-too-large"}}


def test_other_names(tmp_path: Path) -> None:
    """Table and columns may be called otherwise."""
    columns = {"id": "kennung", "aggregateid": "akte", "number": "folge", "published_at": "fort"}
    with disposed(Outbox.on_sqlite(tmp_path, table="ausgang", columns=columns)) as outbox:
        put = outbox.put(9)
        with closing(outbox.source()) as source:
            events = taken(source, 9)
        assert [event.context.id for event in events] == [one for _, one in put]
        assert all(row["fort"] for row in outbox.rows())


def test_debezium_s_own_columns(outbox: Outbox) -> None:
    """A table with nothing but the needed columns will do, the rest said once for all rows."""
    run(outbox, "ALTER TABLE outbox DROP COLUMN source")
    for column in ("purpose", "legalbasis", "dataclassification", "recipient", "traceparent"):
        run(outbox, f"ALTER TABLE outbox DROP COLUMN {column}")
    said = structured(a_referral(id=name(1)))
    for absent in ("source", "purpose", "legalbasis", "dataclassification"):
        del said[absent]
    outbox.say([said])
    constants = {"purpose": "benefits", "legalbasis": "sgb10-69", "dataclassification": "social"}
    with closing(outbox.source(constants=constants, system="meso")) as source:
        (event,) = taken(source, 1)
    assert event.context.source == f"//kurze-wege/{PARTY}/meso"
    assert event.context.purpose == "benefits"


def test_waits_for_database_and_table(tmp_path: Path) -> None:
    """A file, a table or a column that is missing is waited for, and never made."""
    file = tmp_path / "not-yet.sqlite"
    options = Options.model_validate(
        {"database": f"sqlite:///{file}", "party": PARTY, "poll_ms": 1}
    )
    with closing(SqlOutboxSource(options, lambda: AT)) as source:
        with pytest.raises(Later, match="did not answer"):
            source.read()
        assert not file.exists()
        file.touch()
        with pytest.raises(Later, match="no table outbox"):
            source.read()
        with disposed(Outbox(f"sqlite:///{file}")) as outbox:
            run(outbox, "ALTER TABLE outbox RENAME COLUMN problems TO why")
            with pytest.raises(Later, match="lacks problems"):
                source.read()
            run(outbox, "ALTER TABLE outbox RENAME COLUMN why TO problems")
            outbox.put(1)
            assert len(taken(source, 1)) == 1


def test_the_party_s_system_is_writing(outbox: Outbox) -> None:
    """While somebody holds the file nothing is lost and nobody's data is quoted."""
    outbox.say([structured(a_referral(id=name(1), client={"family_name": MARK}))])
    with closing(outbox.source()) as source:
        batch = source.read()
        assert batch is not None
        with outbox.engine.connect() as holder:
            holder.exec_driver_sql("BEGIN EXCLUSIVE")
            with pytest.raises(Later) as said:
                batch.acknowledge()
        assert MARK not in str(said.value)
        assert said.value.__suppress_context__
        assert outbox.waiting() == 1
        batch.acknowledge()
        assert outbox.waiting() == 0
        assert source.read() is None


def test_a_table_that_changed_is_our_fault(outbox: Outbox) -> None:
    """A column that goes while the door runs ends it: a new process looks at the table anew."""
    outbox.put(9)
    with closing(outbox.source()) as source:
        assert source.read() is not None
        run(outbox, "ALTER TABLE outbox RENAME COLUMN refused_at TO gone")
        batch = source.read()
        assert batch is not None
        with pytest.raises((Broken, Later)):
            batch.acknowledge()


def test_an_empty_outbox_is_left_alone(outbox: Outbox) -> None:
    """After an empty look there is no other before `poll_ms` is over."""
    clock = [0.0]
    options = outbox.options.model_copy(update={"poll_ms": 500})
    source = SqlOutboxSource(options, lambda: AT, monotonic=lambda: clock[0])
    with closing(source):
        assert source.read() is None
        outbox.put(1)
        clock[0] = 0.4
        assert source.read() is None
        clock[0] = 0.6
        assert source.read() is not None
