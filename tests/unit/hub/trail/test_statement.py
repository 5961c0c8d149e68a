"""A day's statement: the same at both ends, and different as soon as anything is missing."""

import hashlib
import random
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.trail.gaps import numbers
from hub.trail.received import recorded
from hub.trail.statement import Recorded, Statement, dump, load, statement
from schemas.codec import Record
from tests.support.ledger_lines import at

DAY = date(2026, 3, 2)
SOURCE = "//kurze-wege/06432005/rathaus"


def rows(number: int) -> list[Recorded]:
    """So many ids on the day, two in each second."""
    start = at("2026-03-02 08:00")
    return [Recorded(start + timedelta(seconds=n // 2), f"d-{n}") for n in range(number)]


def test_order_of_arrival_does_not_matter(chance: random.Random) -> None:
    """Both ends sort alike, whatever order and zone they have."""
    mixed = [Recorded(row.at.astimezone(UTC), row.event_id) for row in rows(50)]
    chance.shuffle(mixed)
    assert statement(DAY, "kfb", mixed).agrees(statement(DAY, "kfb", rows(50)))


def test_recipe() -> None:
    """The hash is what anybody works out with four lines: sort, a line feed each, SHA-256."""
    ids = [row.event_id for row in sorted(rows(50))]
    text = "".join(f"{one}\n" for one in ids)
    assert statement(DAY, "kfb", rows(50)).sha256 == hashlib.sha256(text.encode()).hexdigest()


@pytest.mark.parametrize("change", ["missing", "twice", "another"])
def test_anything_missing_shows(change: str) -> None:
    """One id less, one twice or one changed, and the two do not agree."""
    changed = {
        "missing": rows(50)[1:],
        "twice": [*rows(50), rows(50)[7]],
        "another": [*rows(50)[:-1], rows(50)[-1]._replace(event_id="d-x")],
    }[change]
    assert not statement(DAY, "kfb", changed).agrees(statement(DAY, "kfb", rows(50)))


def test_the_day_is_that_of_berlin() -> None:
    """What came half an hour after midnight in Berlin is the next day's."""
    edges = ("2026-03-01 23:59", "2026-03-02 00:00", "2026-03-02 23:59", "2026-03-03 00:00")
    found = [Recorded(at(text), text.replace(" ", "-")) for text in edges]
    assert statement(DAY, "kfb", found).count == 2


def test_neither_party_nor_day_can_be_exchanged() -> None:
    """A statement speaks of its own party and day only."""
    mine = statement(DAY, "kfb", [])
    assert not mine.agrees(statement(DAY, "06432005", []))
    assert not mine.agrees(statement(date(2026, 3, 3), "kfb", []))


@pytest.mark.parametrize(
    ("before", "came", "missing"),
    [
        (4, [5, 6, 7], ()),
        (4, [7, 5], ((6, 6),)),
        (4, [9], ((5, 8),)),
        (None, [3, 4], ()),
        (9, [4], ()),
        (9, [4, 12], ((10, 11),)),
        (0, [1, 1, 2], ()),
    ],
    ids=["all", "one", "many", "first-day", "late", "late-and-a-gap", "repeated"],
)
def test_gaps(before: int | None, came: list[int], missing: tuple[tuple[int, int], ...]) -> None:
    """What lies between the last of the days before and the last of this one, and did not come."""
    found = numbers(SOURCE, before, came)
    assert found is not None
    assert found.missing == missing


def test_a_source_that_sent_nothing_has_no_numbers() -> None:
    """Nobody knows whether anything is missing then."""
    assert numbers(SOURCE, 4, []) is None


@given(st.sets(st.integers(0, 200), min_size=1), st.integers(-1, 200))
def test_gaps_and_what_came_are_everything(came: set[int], before: int) -> None:
    """Between the days before and the last, each number came or is missing, never both."""
    found = numbers(SOURCE, before, came)
    assert found is not None
    missing = {n for first, last in found.missing for n in range(first, last + 1)}
    assert missing | {n for n in came if n > before} == set(range(before + 1, max(came) + 1))
    assert not missing & came


def test_there_and_back() -> None:
    """A statement is read as it was written, with its gaps."""
    gaps = numbers(SOURCE, 4, [7, 5])
    assert gaps is not None
    said = statement(DAY, "kfb", rows(3), [gaps], datetime(2026, 3, 3, tzinfo=UTC))
    assert load(dump(said)) == said


@pytest.mark.parametrize("text", [b"", b"{}", b"[]", b"null", b'{"version":2}', b"\xff"])
def test_not_a_statement(text: bytes) -> None:
    """Anything else is refused with a ValueError."""
    with pytest.raises(ValueError, match=r".*"):
        load(text)


def test_received_records() -> None:
    """A copy's own time is the sender's; the hub's time counts, and a receipt's is the hub's."""
    times = ("ce_recordedtime", b"2026-03-02T08:00:00.250Z"), ("ce_time", b"2026-03-01T08:00:00Z")
    copy = Record(b"case-1", b"{}", [("ce_id", b"d-1"), *times])
    receipt = Record(b"case-1", b"{}", [("ce_id", b"r-1"), times[1]])
    assert recorded(copy) == Recorded(datetime(2026, 3, 2, 8, 0, 0, 250_000, UTC), "d-1")
    assert recorded(receipt) == Recorded(datetime(2026, 3, 1, 8, tzinfo=UTC), "r-1")


@pytest.mark.parametrize(
    "headers",
    [
        [],
        [("ce_id", b"d-1")],
        [
            ("ce_id", b"d-1"),
            ("ce_time", b"2026-03-01T08:00:00Z"),
            ("ce_type", b"probe.sent.v1"),
        ],
        [("ce_time", b"2026-03-01T08:00:00Z")],
        [("ce_id", b"d-1"), ("ce_time", b"2026-03-01T08:00:00")],
        [("ce_id", b"\xff"), ("ce_time", b"2026-03-01T08:00:00Z")],
        [("ce_id", b"d-1"), ("ce_time", b"soon")],
    ],
)
def test_foreign_records(headers: list[tuple[str, bytes]]) -> None:
    """What the hub did not write does not count, nor what it wrote to itself."""
    assert recorded(Record(None, None, headers)) is None


def test_empty_day() -> None:
    """A day without anything has a statement as well: nothing came."""
    said: Statement = statement(DAY, "kfb", [])
    assert said.count == 0
    assert said.sha256.startswith("e3b0c44298fc1c14")
