"""The script: the same for the same seed, rich, and never ambiguous."""

import random
from bisect import bisect
from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Final

import pytest

from schemas.events.referral_status_changed import ReferralStatusChanged
from schemas.vocabulary import ReferralStatus
from tests.year.oracle.expected import Expected, Reminder
from tests.year.oracle.oracle import expect
from tests.year.script.saying import Saying
from tests.year.script.script import Plan, Script, write
from tests.year.ticks import SLACK

PLAN: Final = Plan(seed=5, days=210, referrals=900, moves=300, offers=80)


@pytest.fixture(scope="module")
def script() -> Script:
    """Seven months in which much happens."""
    return write(PLAN)


@pytest.fixture(scope="module")
def expected(script: Script) -> Expected:
    """What must become of it."""
    return expect(script)


def test_the_same_seed_is_the_same_year() -> None:
    """Every event, its id and its tick; another seed is another year."""
    plan = Plan(seed=3, days=20, referrals=40, moves=20, offers=5)

    assert write(plan).sayings == write(plan).sayings
    assert write(plan).sayings != write(Plan(4, 20, 40, 20, 5)).sayings


def test_it_has_the_cases_it_was_asked_for(script: Script) -> None:
    """So many referrals, moves and offers, each under a case of its own."""
    cases = (script.referrals, script.moves, script.offers)

    assert [len(set(each)) for each in cases] == [PLAN.referrals, PLAN.moves, PLAN.offers]


def test_everything_is_said_at_a_tick(script: Script) -> None:
    """In the order of time, and in a case never two different things at one tick.

    Nothing of referrals is said when something of offers is: which of the two lanes heard first
    would decide what is suggested.
    """
    assert {saying.at for saying in script.sayings} <= set(script.ticks)
    assert all(one.at <= other.at for one, other in pairwise(script.sayings))
    said = Counter((one.subject, one.at) for one in script.sayings if not one.again)
    assert set(said.values()) == {1}
    of_offers = {one.at for one in script.sayings if one.event.data.TYPE.startswith("support-")}
    assert not [one for one in script.sayings if one.at in of_offers and _is_of_referral(one)]


def _is_of_referral(saying: Saying) -> bool:
    return saying.event.data.TYPE.startswith("referral.")


def test_what_was_planted_is_refused_and_nothing_else(expected: Expected) -> None:
    """Who wrote the script and who judges it agree on every single saying, and on its reason."""
    assert [told for told in expected.told if told.refused != told.saying.wrong] == []


def test_no_time_is_over_near_a_tick(script: Script, expected: Expected) -> None:
    """A tick that takes its time to be played changes nothing of what happens first."""
    for reminder in expected.reminders:
        after = bisect(script.ticks, reminder.at)
        near = script.ticks[max(0, after - 1) : after + 1]
        assert all(abs(tick - reminder.at) > SLACK for tick in near), reminder


def test_a_slow_machine_changes_nothing(script: Script, expected: Expected) -> None:
    """Whatever a tick takes to be played, the same is refused and the same times are over."""
    chance = random.Random(7)
    late = {tick: timedelta(seconds=chance.uniform(0, 60)) for tick in script.ticks}
    slow = [replace(one, at=one.at + late[one.at]) for one in script.sayings]

    found = expect(replace(script, sayings=slow))

    assert [told.outcome for told in found.told] == [told.outcome for told in expected.told]
    one, other = (Counter(map(_untimed, each.reminders)) for each in (found, expected))
    assert one == other
    times = zip(sorted(found.reminders), sorted(expected.reminders), strict=True)
    assert all(abs(slow.at - swift.at) <= SLACK for slow, swift in times)


def _untimed(reminder: Reminder) -> Reminder:
    return reminder._replace(at=datetime.min, promised=datetime.min)  # noqa: DTZ901 - none at all


def test_it_has_something_of_everything(script: Script, expected: Expected) -> None:
    """Every step, every mistake, every reminder, every kind of event, repeats and hidden copies."""
    steps = {
        saying.event.data.status
        for saying in script.sayings
        if isinstance(saying.event.data, ReferralStatusChanged)
    }
    assert steps == set(ReferralStatus)
    assert len({saying.event.data.TYPE for saying in script.sayings}) == 11
    assert len({saying.wrong for saying in script.sayings}) == 19
    assert len({reminder.rule for reminder in expected.reminders}) == 9
    assert len({reminder.awaits for reminder in expected.reminders}) == 5
    assert any(saying.again for saying in script.sayings)
    assert any(copy.hidden for told in expected.told for copy in told.copies)
    assert any(told.follows.suggested for told in expected.told)
    assert any(told.follows.handover_to for told in expected.told)
    assert expected.lowered
    assert len({life.status for lives in expected.lives.values() for life in lives}) == 10


def test_a_year_is_as_large_as_it_is_said_to_be() -> None:
    """5,000 referrals, 2,000 moves and 300 offers; a month is as much as falls into it."""
    year = Plan()

    assert (year.days, year.referrals, year.moves, year.offers) == (365, 5000, 2000, 300)
    assert year.of_the_first(30) == Plan(1, 30, 411, 164, 25)
