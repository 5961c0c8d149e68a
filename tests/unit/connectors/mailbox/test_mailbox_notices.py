"""Who is told of items that nobody has acknowledged, and how often."""

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from connectors.mailbox.notices import Notices
from connectors.mailbox.store import Uncollected
from schemas.data import Data
from schemas.envelope import Event
from tests.contract.subject_mailbox import LATER, OTHER, OnSqlite, notice
from tests.support.deliveries import AT, FAMILY_NAME, PARTY

MONDAY = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
assert MONDAY == AT


@pytest.fixture
def tables(tmp_path: Path) -> Iterator[OnSqlite]:
    """Empty mailboxes."""
    made = OnSqlite(f"sqlite:///{tmp_path / 'mailbox.sqlite'}")
    yield made
    made.engine.dispose()


def late(tables: OnSqlite, before: datetime) -> list[str]:
    """The ids of what is late then."""
    with closing(tables.store()) as store:
        return [one.event_id for one in store.uncollected(PARTY, before, 500)]


def test_what_counts_as_uncollected(tables: OnSqlite) -> None:
    """What came before then and was not acknowledged; fetched is not acknowledged."""
    tables.fill(range(4))
    tables.fill(range(4, 6), at=AT + timedelta(hours=1))
    with closing(tables.store()) as store:
        store.collect(PARTY, "kfb-1", AT)
        store.collect(PARTY, "kfb-2", AT)
        store.acknowledge(PARTY, "kfb-2", AT)
        assert late(tables, AT) == []
        assert late(tables, AT + timedelta(minutes=1)) == ["kfb-0", "kfb-1", "kfb-3"]
        assert late(tables, AT + timedelta(hours=2)) == [
            "kfb-0",
            "kfb-1",
            "kfb-3",
            "kfb-4",
            "kfb-5",
        ]
        first = store.uncollected(PARTY, AT + timedelta(minutes=1), 1)[0]
        assert first == Uncollected(
            party=PARTY,
            event_id="kfb-0",
            type="referral.requested.v1",
            subject="case-0",
            source="//kurze-wege/06432005/rathaus",
            sender=None,
            cause_id=None,
            received_at=AT,
            collected_at=None,
        )
        assert store.oldest() == {PARTY: (5, AT)}


def test_each_item_is_said_once(tables: OnSqlite) -> None:
    """Each late item is said once, again after a crash under the same id, and logged by party."""
    tables.fill(range(2))
    tables.fill(range(1), party=OTHER)
    now = AT

    def source() -> Notices:
        def day_before(_: str) -> datetime:
            return now - timedelta(days=1)

        return Notices(tables.store(), [PARTY, OTHER], notice, day_before, lambda: now, every_s=0)

    with closing(source()) as first:
        assert first.read() is None
        now = AT + timedelta(days=2)
        lost = first.read()
        assert lost is not None
    with capture_logs() as logs, closing(source()) as second:
        batch = second.read()
        assert batch is not None
        assert _ids(batch.events) == _ids(lost.events)
        assert len(batch.events) == 2
        batch.acknowledge()
        batch = second.read()
        assert batch is not None
        assert len(batch.events) == 1
        batch.acknowledge()
        assert second.read() is None
        tables.fill(range(2, 3), at=AT)
        batch = second.read()
        assert batch is not None
        assert len(batch.events) == 1
    said = [(line["event"], line["party"], line["items"]) for line in logs[:2]]
    assert said == [("mailbox_uncollected", PARTY, 2), ("mailbox_uncollected", OTHER, 1)]
    assert FAMILY_NAME not in str(logs)


def test_nobody_need_be_told(tables: OnSqlite) -> None:
    """An item nobody need hear of is in the log like the others, and holds up none behind it."""
    tables.fill(range(150))

    def only_the_last(one: Uncollected) -> Event[Data] | None:
        return notice(one) if one.event_id == f"{PARTY}-149" else None

    with (
        capture_logs() as logs,
        closing(
            Notices(tables.store(), [PARTY], only_the_last, lambda _: LATER, lambda: AT, every_s=0)
        ) as source,
    ):
        said: list[str] = []
        while (batch := source.read()) is not None:
            said += _ids(batch.events)
            batch.acknowledge()
    assert len(said) == 1
    assert sum(line["items"] for line in logs) == 150


def test_it_is_looked_now_and_then(tables: OnSqlite) -> None:
    """Between two looks the database is left alone."""
    clock = [0.0]
    source = Notices(
        tables.store(),
        [PARTY],
        notice,
        lambda _: AT,
        lambda: AT,
        monotonic=lambda: clock[0],
        every_s=60,
    )
    with closing(source):
        assert source.read() is None
        tables.fill(range(1), at=AT - timedelta(hours=1))
        clock[0] = 59
        assert source.read() is None
        clock[0] = 60
        assert source.read() is not None


def _ids(events: object) -> list[str]:
    assert isinstance(events, list)
    found: list[Event[Data]] = events
    return [event.context.id for event in found]
