"""Silence is heard from the ledger's tables, and only while these are up to date."""

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random

import pytest
from pydantic import SecretStr

from connectors.sql.database import open_database
from hub import wiring
from hub.monitor.look import Ends, Group, Look, Place, Unread
from hub.monitor.memory import Memory
from hub.monitor.observing import observe
from hub.monitor.snapshot import Snapshot
from hub.operations import watched
from hub.operations.hearing import Hearing
from hub.settings import Settings
from hub.stores.ledger.options import Options as Ledger
from hub.stores.ledger.sink import LedgerSink
from hub.stores.ledger.upgrade import upgrade
from tests.support.ledger_lines import EPPERTSHAUSEN, a_record, on_ledger
from tests.support.looks import waits
from tests.support.sending_habits import every_half_day, year

FRIDAY = datetime(2026, 4, 17, 10, tzinfo=UTC)
INPUT, LEDGER = Place("referrals", 0), Place("ledger", 0)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A hub whose ledger has tables in this folder, perhaps."""
    url = f"sqlite:///{tmp_path / 'ledger.sqlite'}"
    return Settings(ledger=Ledger(database=SecretStr(url)))


@pytest.fixture
def hearing(settings: Settings) -> Iterator[Hearing]:
    """What hears from them."""
    with closing(Hearing(settings)) as made:
        yield made


def fill(settings: Settings, days: int = 72) -> None:
    """Eppertshausen sends every half working day from February on; the last time on a Tuesday."""
    url = settings.ledger.database.get_secret_value()
    upgrade(url)
    party = wiring.parties(settings).by_id[EPPERTSHAUSEN]
    sent = year(party, every_half_day, Random(1), date(2026, 2, 2), days)
    with closing(LedgerSink(open_database(url))) as sink:
        sink.write(list(on_ledger([a_record(received_at=moment) for moment in sent])))


def snapshot(settings: Settings, waiting: Unread | None = None, ledger: int = 9) -> Snapshot:
    """Workers and ledger sink as they stand; `waiting`: what lies before the ledger sink."""
    group = wiring.group(settings)
    groups = {
        group: Group("Stable", 1, {INPUT: 9}, frozenset({INPUT})),
        f"{group}.ledger": Group("Empty", 0, {LEDGER: ledger}),
    }
    unread = {(LEDGER, ledger): waiting} if waiting else {}
    ends = {INPUT: Ends(0, 9, 9), LEDGER: Ends(0, 9, 9)}
    memory, found = Memory(), None
    for nth in range(9):
        at = FRIDAY + timedelta(seconds=10 * nth)
        look = Look(at, 0.1, groups, ends, frozenset(), unread, {})
        memory, found = observe(memory, look, (), watched.watch(settings))
    assert found is not None
    return found


def test_who_has_been_silent_for_three_days_is_missed(settings: Settings, hearing: Hearing) -> None:
    """Half a year is read at first; the rhythm is the party's own."""
    fill(settings)
    found = hearing.silences(snapshot(settings), FRIDAY, ())

    assert [(one.party, one.is_strange) for one in found] == [(EPPERTSHAUSEN, True)]


def test_nobody_is_missed_while_the_tables_are_behind(settings: Settings, hearing: Hearing) -> None:
    """A ledger sink that stands knows nothing of today: what was known before stays."""
    fill(settings)
    behind = snapshot(settings, waits(3, 9, FRIDAY - timedelta(hours=1)), ledger=3)

    assert hearing.silences(behind, FRIDAY, ()) == ()
    assert hearing.silences(None, FRIDAY, ()) == ()
    known = hearing.silences(snapshot(settings), FRIDAY, ())
    assert hearing.silences(behind._replace(silences=known), FRIDAY, ()) == known


def test_new_rows_are_heard_within_a_minute(settings: Settings, hearing: Hearing) -> None:
    """What comes into the tables later ends the silence."""
    fill(settings)
    assert hearing.silences(snapshot(settings), FRIDAY, ())[0].is_strange
    with closing(LedgerSink(open_database(settings.ledger.database.get_secret_value()))) as sink:
        sink.write(list(on_ledger([a_record(received_at=FRIDAY)], first=1000)))
    later = FRIDAY + timedelta(minutes=2)

    assert not hearing.silences(snapshot(settings), later, [EPPERTSHAUSEN])[0].is_strange


def test_without_tables_nobody_is_missed(settings: Settings, hearing: Hearing) -> None:
    """The monitor goes on without; they may be made later."""
    assert hearing.silences(snapshot(settings), FRIDAY, ()) == ()
    fill(settings)
    assert hearing.silences(snapshot(settings), FRIDAY, ())


def test_it_can_be_switched_off(settings: Settings) -> None:
    """Who does not want it is not asked for tables."""
    off = settings.model_copy(
        update={"monitor": settings.monitor.model_copy(update={"watch_senders": False})}
    )
    fill(settings)
    with closing(Hearing(off)) as hearing:
        assert hearing.silences(snapshot(settings), FRIDAY, ()) == ()
