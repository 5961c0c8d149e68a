"""One working day of the district: which events happen when, and what must become of them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from schemas.data import Data
from schemas.envelope import Event
from schemas.vocabulary import Service
from tests.support.desk import Desk, Story
from tests.support.district import BY_AGS, EPPERTSHAUSEN, TOWNS, WEITERSTADT
from tests.support.move_stories import move, move_away, move_within, protected
from tests.support.offer_stories import for_jobseekers, offer
from tests.support.referral_stories import old_fashioned, pressing, referral, to_jobcenter
from tests.support.routing_oracle import Expected, Oracle

SOME_DAY: Final = datetime(2100, 6, 15, tzinfo=UTC)
"""The day as it is written; far from every birth date, so that its dates can be told apart."""
ROUND_HOURS: Final = (7, 9, 11, 13, 15)
"""When, UTC, systems begin to collect what they hand in two hours later."""
ROUND_SHARES: Final = (0.26, 0.3, 0.14, 0.18, 0.12)
"""How much of the day falls into each round: the mornings are full, the afternoons are not."""
ROUND_SECONDS: Final = 2 * 60 * 60
BURST: Final = 20
"""How many moves Weiterstadt's register hands in at once when the day begins."""
EVENING: Final = len(ROUND_HOURS)
"""The round behind those of the day."""
HOURS: Final = (*ROUND_HOURS, 18)
"""When each round begins, the evening's as well."""
LATE_TOWNS: Final = (
    *("06432002", "06432003", "06432004", EPPERTSHAUSEN, "06432010", "06432015"),
    *("06432017", "06432019", "06432020"),
)
"""Who hands in a referral then, by files."""
GOES_ON: Final = 0.55
"""How likely the next step of a case follows in the next round."""


@dataclass(frozen=True, slots=True)
class Planned:
    """An event of the day, in which round it is handed in, and what must become of it."""

    round: int
    event: Event[Data]
    expected: Expected


def plan(desk: Desk, oracle: Oracle, n: int) -> list[Planned]:
    """About `n` events in the order of the day; the steps of a case lie in different rounds."""
    going_on: list[Story] = []
    planned: list[Planned] = []
    for number, share in enumerate(ROUND_SHARES):
        told = [story for story in going_on if desk.happens(GOES_ON)]
        fresh = list(_certain(desk)) if number == 0 else []
        fresh += [any_story(desk) for _ in range(round(n * share) - len(told) - len(fresh))]
        going_on += fresh
        told += fresh
        desk.chance.shuffle(told)
        begin = SOME_DAY + timedelta(hours=ROUND_HOURS[number])
        moments = sorted(desk.chance.randrange(ROUND_SECONDS) for _ in told)
        for story, moment in zip(told, moments, strict=True):
            desk.now = begin + timedelta(seconds=moment)
            event = next(story, None)
            if event is not None:
                planned.append(Planned(number, event, oracle.expect(event)))
        if number == 0:
            planned += _burst(desk, oracle)
    return planned


def evening(desk: Desk, oracle: Oracle) -> list[Planned]:
    """What town halls hand in when the offices are closed: referrals that nobody has answered.

    And offers that suit them.
    """
    home = BY_AGS[EPPERTSHAUSEN]
    stories = [
        for_jobseekers(desk, home, "Bewerbungswerkstatt", Service.JOB_PLACEMENT),
        for_jobseekers(desk, home, "Lotsenpunkt", Service.CASE_MANAGEMENT_ON_SITE),
        pressing(desk, home),
    ]
    stories += [to_jobcenter(desk, BY_AGS[ags]) for ags in LATE_TOWNS]
    planned: list[Planned] = []
    desk.now = SOME_DAY + timedelta(hours=HOURS[EVENING] - 1)
    for story in stories:
        desk.now += timedelta(minutes=desk.chance.randrange(1, 9))
        event = next(story)
        planned.append(Planned(EVENING, event, oracle.expect(event)))
    return planned


def any_story(desk: Desk) -> Story:
    """A case of the usual kinds in the usual shares."""
    kind = desk.chance.choices((referral, move, offer), (62, 31, 7))[0]
    return kind(desk)


def _certain(desk: Desk) -> Iterator[Story]:
    """What no sample day may lack."""
    for town in TOWNS:
        yield to_jobcenter(desk, town)
    for _ in range(4):
        yield old_fashioned(desk, BY_AGS[EPPERTSHAUSEN])
        yield protected(desk, desk.town())
    for _ in range(2):
        yield move_away(desk, desk.town())


def _burst(desk: Desk, oracle: Oracle) -> Iterator[Planned]:
    """A register's list of the last days, all within seconds."""
    desk.now = SOME_DAY + timedelta(hours=ROUND_HOURS[0], minutes=5)
    for _ in range(BURST):
        desk.now += timedelta(seconds=1)
        event = next(move_within(desk, BY_AGS[WEITERSTADT]))
        yield Planned(0, event, oracle.expect(event))
