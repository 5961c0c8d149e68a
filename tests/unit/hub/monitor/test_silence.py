"""A party that falls silent is missed by its own rhythm, and no party that only rests."""

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.domain.working_time import Calendar, working_time
from hub.domain.working_year import ZONE
from hub.monitor.rhythm import rhythm, slot
from hub.monitor.senders import Senders
from hub.monitor.silence import Silence
from hub.party_file import load_parties
from tests.support.patience import PATIENT
from tests.support.sending_habits import HABITS, by_chance, every_half_day, municipalities, year

OFFICE = working_time(Calendar(closed=("12-24", "12-31")))
PARTIES = load_parties()
EPPERTSHAUSEN = PARTIES.by_id["06432005"]


def at(text: str) -> datetime:
    """A moment in Berlin."""
    return datetime.fromisoformat(text).replace(tzinfo=ZONE).astimezone(UTC)


def half_days(until: date) -> Senders:
    """Somebody who has sent every half working day since February, up to this day."""
    senders = Senders({"06432005": OFFICE})
    first = date(2026, 2, 2)
    days = (until - first).days + 1
    sent = year(EPPERTSHAUSEN, every_half_day, random.Random(1), first, days)
    senders.hear(("06432005", moment) for moment in sent)
    return senders


def first_strange(senders: Senders, begin: datetime, days: int) -> datetime | None:
    """When the silence is first called strange, looking every ten minutes."""
    for step in range(days * 144):
        now = begin + timedelta(minutes=10 * step)
        if any(one.is_strange for one in senders.silences(now)):
            return now
    return None


def test_half_a_day_is_usual_three_are_strange() -> None:
    """Who sends every half working day is missed within three working days, in office hours."""
    senders = half_days(date(2026, 4, 14))  # a Tuesday

    found = first_strange(senders, at("2026-04-14 16:00"), 10)

    assert found is not None
    assert OFFICE.is_open(found)
    assert OFFICE.working_days_between(at("2026-04-14 16:00"), found) <= 3
    (silence,) = senders.silences(at("2026-04-17 12:00"))
    assert silence.is_strange
    assert timedelta(hours=2) <= silence.usual <= timedelta(hours=6)


def test_it_is_over_with_the_next_event() -> None:
    """As soon as something comes nobody is missed; until then the night changes nothing."""
    senders = half_days(date(2026, 4, 14))
    night = at("2026-04-18 03:00")

    assert not any(one.is_strange for one in senders.silences(night))
    assert all(one.is_strange for one in senders.silences(night, strange=["06432005"]))
    senders.hear([("06432005", at("2026-04-20 08:10"))])
    assert not any(
        one.is_strange for one in senders.silences(at("2026-04-20 08:20"), strange=["06432005"])
    )


def test_easter_is_no_silence() -> None:
    """Four days without work, from Thursday's close to Tuesday morning, are no gap at all."""
    senders = half_days(date(2026, 4, 2))

    assert first_strange(senders, at("2026-04-02 16:00"), 4) is None
    (silence,) = senders.silences(at("2026-04-07 08:00"))
    assert silence.silent <= timedelta(hours=3)


def test_the_days_between_the_years() -> None:
    """What a party declares closed is no silence: nobody is missed from Christmas to New Year."""
    closed = tuple(f"12-{day}" for day in range(24, 32))
    office = working_time(Calendar(closed=closed))
    party = EPPERTSHAUSEN.model_copy(update={"closed_days": closed})
    senders = Senders({"06432005": office})
    sent = year(party, every_half_day, random.Random(2), date(2026, 9, 1), 114)
    senders.hear(("06432005", moment) for moment in sent)

    assert first_strange(senders, at("2026-12-22 16:00"), 12) is None


def test_too_little_says_nothing() -> None:
    """Who has sent a dozen times has no rhythm yet; a stranger none at all."""
    senders = Senders({"06432005": OFFICE})
    sent = list(year(EPPERTSHAUSEN, every_half_day, random.Random(3), date(2026, 3, 2), 8))
    senders.hear(("06432005", moment) for moment in sent[:12])
    senders.hear([("nobody", at("2026-03-02 09:00"))])

    assert senders.silences(at("2026-06-01 12:00")) == ()


@pytest.mark.parametrize("seed", range(3))
def test_a_simulated_month_has_no_false_alarm(seed: int) -> None:
    """All municipalities for a month after a quarter's learning, looked at every hour."""
    assert list(_alarms(seed, date(2026, 1, 5), learnt=90, days=31, every=timedelta(hours=1))) == []


def test_a_simulated_year_has_no_false_alarm() -> None:
    """The same for a year with school holidays, bridge days and Christmas, day and night."""
    assert list(_alarms(7, date(2025, 10, 1), learnt=92, days=365, every=timedelta(hours=3))) == []


def test_a_year_would_show_an_alarm() -> None:
    """The same year finds whoever stops in the middle of it: the simulation can fail."""
    found = list(
        _alarms(7, date(2025, 10, 1), learnt=92, days=360, every=timedelta(hours=3), mute_from=200)
    )

    missed = {silence.party for silence in found}
    assert len(missed) == len(municipalities(PARTIES))
    assert all(OFFICE.is_open(now) for now in {silence.due_at for silence in found})


@given(
    rate=st.floats(0.5, 8),
    seed=st.integers(0, 10**6),
    offset=st.integers(0, 60),
)
@PATIENT
def test_no_alarm_outside_office_hours(rate: float, seed: int, offset: int) -> None:
    """Whatever the rhythm, a silence is first called strange while the office is open."""
    senders = Senders({"06432005": OFFICE})
    sent = list(year(EPPERTSHAUSEN, by_chance(rate), random.Random(seed), date(2026, 2, 2), 60))
    senders.hear(("06432005", moment) for moment in sent)
    last = max(sent, default=at("2026-04-01 12:00"))
    now = last + timedelta(hours=7 * offset, minutes=offset)

    strange = [one for one in senders.silences(now) if one.is_strange]

    assert not strange or OFFICE.is_open(now)


@given(st.lists(st.integers(0, 400), min_size=14, max_size=200, unique=True))
@PATIENT
def test_patience_is_longer_than_any_gap_there_was(slots: list[int]) -> None:
    """A silence that has been there before is not strange; shorter than a day none is."""
    found = rhythm(slots)

    assert found is not None
    assert found.patience >= max(found.longest, timedelta(hours=8))
    assert found.usual <= found.longest


def test_a_file_of_many_is_one_sending() -> None:
    """Twenty events within an hour are one; the same rhythm as of one event each time."""
    once = list(year(EPPERTSHAUSEN, every_half_day, random.Random(4), date(2026, 3, 2), 30))
    files = [moment + timedelta(seconds=n) for moment in once for n in range(20)]

    assert rhythm(slot(m, OFFICE) for m in once) == rhythm(slot(m, OFFICE) for m in files)


def _alarms(
    seed: int, first: date, learnt: int, days: int, every: timedelta, mute_from: int | None = None
) -> Iterator[Silence]:
    """What is called strange while each municipality keeps its habit, after so many days."""
    chance = random.Random(seed)
    parties = municipalities(PARTIES)
    senders = Senders({party.id: party.working_time for party in parties})
    sent: list[tuple[datetime, str]] = []
    for number, party in enumerate(parties):
        habit = HABITS[number % len(HABITS)]
        span = learnt + (days if mute_from is None else mute_from)
        sent += [(moment, party.id) for moment in year(party, habit, chance, first, span)]
    sent.sort()
    now = datetime.combine(first + timedelta(days=learnt), datetime.min.time(), ZONE)
    end = now + timedelta(days=days)
    heard, strange = 0, set[str]()
    while now < end:
        begun = heard
        while heard < len(sent) and sent[heard][0] <= now:
            heard += 1
        senders.hear((party, moment) for moment, party in sent[begun:heard])
        found = [one for one in senders.silences(now, strange) if one.is_strange]
        yield from (one for one in found if one.party not in strange)
        strange = {one.party for one in found}
        now += every
