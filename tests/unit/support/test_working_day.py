"""The generated working day: like a real one, repeatable, and honest about its faults."""

import json
import random
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest

from schemas.events import ALL, BY_WIRE_TYPE
from schemas.model import PERSONAL_MARK
from schemas.topics import HANDED_IN
from tests.support.channels import Channel
from tests.support.district import PARTIES, TOWNS
from tests.support.schema_fields import leaves
from tests.support.wire_forms import structured
from tests.support.working_day import Day, events, make_day

NOON = datetime(2024, 5, 6, 12, tzinfo=UTC)
NOT_GENERATED = {"handover.continued", "referral.opened"}
"""Said in another district, or by an inbox page, and not in a party's files."""


@pytest.fixture(scope="module")
def day() -> Day:
    """One day for all tests of this module."""
    return make_day(seed=5, n=300, day=date(2024, 5, 6))


@pytest.fixture(scope="module")
def expected(day: Day) -> dict[str, Any]:
    """What must become of it."""
    found: dict[str, Any] = json.loads(day.files["expected.json"])
    return found


def test_same_seed_same_day(day: Day) -> None:
    """A seed gives the same day every time, and another seed another one."""
    assert make_day(seed=5, n=300, day=date(2024, 5, 6)) == day
    assert make_day(seed=6, n=300, day=date(2024, 5, 6)).files != day.files


def test_has_every_kind_of_event() -> None:
    """In the committed day a party sends all that stands in its files."""
    expected = json.loads(make_day().files["expected.json"])
    kinds = {event["type"].rpartition(".v")[0] for event in expected["events"]}
    assert kinds == {*HANDED_IN} - NOT_GENERATED


def test_has_the_old_system(day: Day) -> None:
    """Eppertshausen's old system still speaks version 0."""
    texts = [text for name, text in day.files.items() if name.startswith("files/06432005/")]
    assert sum(text.count("referral.requested.v0") for text in texts) >= 3


def test_has_every_way_in(day: Day, expected: dict[str, Any]) -> None:
    """Files of all three formats, posts in all three modes, all 24 parties."""
    endings = {name.rpartition(".")[2] for name in day.files if name.startswith("files/")}
    assert endings == {Channel.JSONL, Channel.CSV, Channel.XML}
    modes = {json.loads(line)["mode"] for line in day.files["posts.jsonl"].splitlines()}
    assert modes == {"structured", "binary", "batch"}
    assert {event["party"] for event in expected["events"]} == {*PARTIES}


def test_bigger_towns_send_more(expected: dict[str, Any]) -> None:
    """The five biggest towns send more than twice as much as the five smallest."""
    sent = Counter(event["party"] for event in expected["events"])
    by_size = sorted(TOWNS, key=lambda town: town.inhabitants)
    small, big = (sum(sent[t.ags] for t in towns) for towns in (by_size[:5], by_size[-5:]))
    assert big > 2 * small


@pytest.mark.parametrize("seed", range(3))
def test_faults_are_a_few(seed: int) -> None:
    """With any seed 2 to 6 % are faulty, every kind of fault among them."""
    expected = json.loads(make_day(seed=seed, n=400).files["expected.json"])
    share = len(expected["faults"]) / (len(expected["events"]) + len(expected["faults"]))
    assert 0.02 < share < 0.06
    assert {fault["kind"] for fault in expected["faults"]} == {
        "free text",
        "id reused",
        "malformed date",
        "malformed line",
        "missing legal basis",
        "sent twice",
        "too late",
        "unknown AGS",
        "unknown case",
        "unknown recipient",
        "wrong party",
    }


def test_steps_of_a_case_lie_in_order(expected: dict[str, Any]) -> None:
    """No two events of a case are handed in in the same round, and none goes back in time."""
    last: dict[str, int] = {}
    for event in expected["events"]:
        assert event["round"] > last.get(event["subject"], -1)
        last[event["subject"]] = event["round"]


def test_dates_are_relative_without_a_day() -> None:
    """Without a day no date of the generator's own calendar is left in any file."""
    for name, text in make_day(seed=5, n=100).files.items():
        assert "2100" not in text.replace("002100", ""), name


def test_ids_are_used_once() -> None:
    """No source uses an id twice, however many events there are."""
    ids = Counter((event.context.source, event.context.id) for event, _ in events(3, 2000, NOON))
    assert max(ids.values()) == 1


def test_markers_fill_every_personal_field() -> None:
    """With markers, each personal field holds one and no other field does."""
    personal = {
        model.wire_type(): {
            path
            for path, field in leaves(model.model_json_schema())
            if field.says.get(PERSONAL_MARK)
        }
        for model in ALL
    }
    day = make_day(seed=random.Random(7).randrange(1000), n=150, markers=True)
    used: set[str] = set()
    for name, text in day.files.items():
        if name.endswith("posts.jsonl"):
            for line in text.splitlines():
                for event in json.loads(line)["events"]:
                    used |= _check(event, personal[event["type"]], day.markers)
    assert len(used) > 100


def test_marked_stream_is_marked() -> None:
    """The endless stream of events has markers too, in every kind of event with a person."""
    kinds = {
        event.context.type
        for event, _ in events(3, 400, NOON, markers=True)
        if "mk0" in json.dumps(structured(event)).lower()
    }
    assert {"referral.requested.v1", "address-change.reported.v1", "disclosure-block.set.v1"} <= (
        kinds
    )
    assert kinds <= BY_WIRE_TYPE.keys()


def _check(event: dict[str, Any], personal: set[str], markers: dict[str, str]) -> set[str]:
    found = set()
    for path, value in _values(event["data"]):
        if path in personal:
            assert value in markers, path
            found.add(value)
        else:
            assert str(value) not in markers, path
    return found


def _values(value: object, path: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict):
        for name, below in value.items():
            yield from _values(below, f"{path}.{name}" if path else name)
    elif isinstance(value, list):
        for below in value:
            yield from _values(below, path)
    else:
        yield path, value
