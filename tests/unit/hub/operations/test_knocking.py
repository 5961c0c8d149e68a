"""Probes are handed in as a party does, and nothing is left of them."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Final

import pytest

from connectors.sql_outbox.ddl import ddl
from connectors.sql_outbox.options import Options
from hub.errors import ConfigError
from hub.operations.knocking.by_file import FileKnock
from hub.operations.knocking.by_http import HttpKnock, address
from hub.operations.knocking.by_row import OutboxKnock
from hub.settings import Settings
from schemas.codec import Record, decode
from tests.support.builders import EPPERTSHAUSEN, a_probe

PROBE: Final = a_probe(id="6f1c2b1e-6d0b-4c0e-9c3b-2f6f0c1d7a55")
OWN: Final = a_probe(
    id="6f1c2b1e-6d0b-4c0e-9c3b-2f6f0c1d7a55",
    source=f"//kurze-wege/{EPPERTSHAUSEN}/probe",
    recipient=EPPERTSHAUSEN,
    door="sql_outbox",
)
NAME: Final = f"probe-{PROBE.context.id}.jsonl"


def test_a_file_is_dropped_and_taken_back(tmp_path: Path) -> None:
    """It holds the event and nothing else, and is gone from wherever it got to."""
    rooms = [tmp_path / "hub" / room for room in ("in", "done", "refused")]
    for room in rooms:
        room.mkdir(parents=True)
    knock = FileKnock(Settings.model_validate({"file_drop": {"root": tmp_path}}))

    assert knock.hand_in(PROBE) == ""
    (file,) = rooms[0].iterdir()
    line = Record(None, file.read_bytes(), [("content-type", b"application/cloudevents+json")])
    assert decode(line) == PROBE
    assert knock.objection(PROBE) == ""

    file.rename(rooms[2] / file.name)
    (rooms[2] / f"{file.name}.report.jsonl").touch()
    (rooms[1] / "probe-earlier.jsonl").touch()
    (rooms[1] / "somebody-elses.jsonl").touch()
    assert knock.objection(PROBE) == "the file was refused"
    knock.tidy(PROBE)
    assert [file.name for room in rooms for file in room.iterdir()] == ["somebody-elses.jsonl"]


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    """The system's own word is the objection."""
    knock = FileKnock(Settings.model_validate({"file_drop": {"root": tmp_path}}))
    assert knock.hand_in(PROBE) == "No such file or directory"


@pytest.fixture
def outbox(tmp_path: Path) -> Path:
    """A party's database with the table that the README gives."""
    file = tmp_path / "outbox.sqlite"
    with closing(sqlite3.connect(file)) as connection:
        connection.executescript(ddl(Options(), "sqlite"))
    return file


def of(file: Path) -> OutboxKnock:
    """Whoever knocks there."""
    said = {"database": f"sqlite:///{file}", "party": EPPERTSHAUSEN}
    return OutboxKnock(Settings.model_validate({"sql_outbox": said}))


def asked(file: Path, query: str) -> list[tuple[object, ...]]:
    """Asked without our code."""
    with closing(sqlite3.connect(file)) as connection, connection:
        return connection.execute(query).fetchall()


def test_a_row_is_written_and_deleted(outbox: Path) -> None:
    """It has what the door reads, its refusal is heard, and then it is gone."""
    with closing(of(outbox)) as knock:
        assert knock.hand_in(OWN) == ""
        query = "SELECT aggregateid, type, payload, source, recipient, purpose FROM outbox"
        ((case, kind, payload, source, recipient, purpose),) = asked(outbox, query)
        assert (case, kind) == ("probe-1", "probe.sent.v1")
        assert json.loads(str(payload)) == {"door": "sql_outbox"}
        assert (source, recipient) == (OWN.context.source, EPPERTSHAUSEN)
        assert purpose == "accountability"
        assert knock.objection(OWN) == ""
        asked(outbox, "UPDATE outbox SET problems = 'source-mismatch'")
        assert knock.objection(OWN) == "source-mismatch"
        knock.tidy(OWN)
    assert asked(outbox, "SELECT count(*) FROM outbox") == [(0,)]


def test_an_outbox_without_the_columns(outbox: Path) -> None:
    """Who cannot say for whom a row is sends no probe."""
    asked(outbox, "ALTER TABLE outbox DROP COLUMN recipient")
    with closing(of(outbox)) as knock:
        assert knock.hand_in(OWN) == "The outbox has no column recipient."


def test_a_database_that_is_not_there(tmp_path: Path) -> None:
    """It is no probe, and no fault of the monitor's; the file is not made."""
    with closing(of(tmp_path / "none.sqlite")) as knock:
        assert "the outbox's database did not answer" in knock.hand_in(OWN)
        knock.tidy(OWN)
    assert [*tmp_path.iterdir()] == []


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({}, "http://127.0.0.1:8090"),
        ({"http_api": {"host": "::1", "port": 8443}}, "http://[::1]:8443"),
        ({"monitor": {"probe": {"http_url": "https://hub.example/"}}}, "https://hub.example"),
    ],
)
def test_where_the_http_door_is(said: dict[str, object], expected: str) -> None:
    """As it is set, else as the door listens."""
    assert address(Settings.model_validate(said)) == expected


def test_settings_that_cannot_be_used(tmp_path: Path) -> None:
    """Certificates that are not there, an outbox that is none, a token sent in the clear."""
    nowhere = Settings.model_validate({"monitor": {"probe": {"ca_file": tmp_path / "none.pem"}}})
    with pytest.raises(ConfigError, match=r"monitor\.probe\.ca_file"):
        HttpKnock(nowhere)
    with pytest.raises(ConfigError, match=r"sql_outbox\.database"):
        OutboxKnock(Settings.model_validate({"sql_outbox": {"database": "not an address"}}))
    with pytest.raises(ValueError, match="must begin with https"):
        Settings.model_validate({"monitor": {"probe": {"http_url": "http://hub.example"}}})


def test_a_http_door_that_is_away_is_asked_once() -> None:
    """The second probe has the same objection at once."""
    told = {"http_api": {"port": 1}, "monitor": {"probe": {"token": "invented"}}}
    with closing(HttpKnock(Settings.model_validate(told))) as knock:
        assert knock.hand_in(PROBE) == "no answer, ConnectError"
        assert knock.hand_in(PROBE) == "no answer, ConnectError"
        assert knock.objection(PROBE) == ""
        knock.tidy(PROBE)
