"""A day with a marker in every personal field leaves none where nothing personal may stand."""

import json
import re
import signal
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from schemas.topics import DELIVERY_PREFIX, INPUTS, LEDGER, STATE, dead_topic
from tests.support import topics
from tests.support.command import running_hub
from tests.support.waiting import until
from tests.support.working_day import make_day, write_day

pytestmark = [pytest.mark.e2e, pytest.mark.broker]

TALKATIVE = {"HUB_LOG__LEVEL": "DEBUG", "HUB_LOG__FOREIGN_LEVEL": "INFO"}
WITHIN_S = 200
JUST_DIGITS = {"postal_code"}
"""Five digits stand in a log for many things; street and town beside them are marked as well."""


def test_markers_stay_in_the_events(kafka: str, tmp_path: Path) -> None:
    """No marker in any log at any level, report, receipt, ledger line, state or header.

    Nor on any topic: there it lies encrypted. In the recipients' tables all of them are found.
    """
    day = make_day(seed=11, n=150, markers=True)
    write_day(tmp_path / "day", day)
    markers = {mark for mark, field in day.markers.items() if field not in JUST_DIGITS}
    words = ("demo", "--day", str(tmp_path / "day"), "--bootstrap", kafka, "--log-level", "DEBUG")
    with running_hub(*words, folder=tmp_path, env=TALKATIVE) as demo:
        said = tmp_path / "err.log"
        until(lambda: "hub topics drift" in said.read_text("utf-8"), WITHIN_S)
        (run,) = (tmp_path / ".kurze-wege" / "demo").iterdir()
        prefix = f"demo-{run.name}."
        places = dict(_places(kafka, prefix, run))
        delivered = "".join(_delivered(run))
        demo.send_signal(signal.SIGINT)
        out, _ = demo.communicate(timeout=60)
    places |= {"stdout": out, "stderr": said.read_text("utf-8")}
    places |= {log.name: log.read_text("utf-8") for log in run.glob("logs/*")}

    assert len(places["file_drop.log"].splitlines()) > 10
    fields = {day.markers[mark] for mark in _found(delivered, markers)}
    assert fields == {*day.markers.values()} - JUST_DIGITS
    assert {name: _found(text, markers) for name, text in places.items() if text} == {
        name: set() for name, text in places.items() if text
    }


def _places(bootstrap: str, prefix: str, run: Path) -> Iterator[tuple[str, str]]:
    yield "ledger", "".join(_texts(bootstrap, prefix, LEDGER.name))
    yield "deliveries", "".join(_texts(bootstrap, prefix, DELIVERY_PREFIX))
    for source in INPUTS:
        yield source.name, "".join(_texts(bootstrap, prefix, source.name))
    yield "states", "".join(_texts(bootstrap, prefix, STATE.name))
    dead = [topics.read(bootstrap, prefix + dead_topic(source).name) for source in INPUTS]
    headers = [record.headers for found in dead for _, _, record in found]
    assert headers
    yield "headers of dead letters", str(headers)
    yield (
        "reports",
        "".join(
            report.read_text("utf-8") for report in run.glob("parties/*/refused/*.report.jsonl")
        ),
    )
    with closing(sqlite3.connect(run / "inbox.sqlite")) as connection:
        yield "receipts table", str(connection.execute("SELECT * FROM receipts").fetchall())
        yield "faulty table", str(connection.execute("SELECT * FROM faulty").fetchall())


def _delivered(run: Path) -> Iterator[str]:
    """What the recipients can read."""
    with closing(sqlite3.connect(run / "inbox.sqlite")) as connection:
        for (data,) in connection.execute("SELECT data FROM inbox"):
            yield json.dumps(json.loads(data), ensure_ascii=False)


def _texts(bootstrap: str, prefix: str, part: str) -> Iterator[str]:
    with topics.admin(bootstrap) as admin:
        names = [n for n in admin.list_topics() if n.startswith(prefix) and part in n]
    assert names
    for name in names:
        for _, _, record in topics.read(bootstrap, name):
            yield f"{record.key!r} {_plain(record.value)} {record.headers!r}\n"


def _plain(value: bytes | None) -> str:
    """JSON without its escapes, so that a marker would be found in it."""
    try:
        return json.dumps(json.loads(value or b"null"), ensure_ascii=False)
    except ValueError:
        return repr(value)


def _found(text: str, markers: set[str]) -> set[str]:
    any_of_them = "|".join(map(re.escape, markers))
    return set(re.findall(rf"(?<![A-Za-z0-9])({any_of_them})(?![A-Za-z0-9])", text))
