"""Events of many cases mixed, as many as wanted, each with what must become of it."""

import random
from collections.abc import Iterator
from datetime import datetime, timedelta

from schemas.data import Data
from schemas.envelope import Event
from tests.support.day_plan import any_story
from tests.support.desk import Desk, Story
from tests.support.people import People
from tests.support.routing_oracle import Expected, Oracle


def events(
    seed: int, n: int, at: datetime, *, markers: bool = False
) -> Iterator[tuple[Event[Data], Expected]]:
    """`n` events of many cases mixed, a millisecond apart from `at` on; none is faulty.

    The order within each case is the order in which they must reach the hub.
    """
    chance = random.Random(seed)
    desk = Desk(chance, People(chance, markers=markers), at)
    oracle = Oracle()
    going_on: list[Story] = []
    for number in range(n):
        desk.now = at + timedelta(milliseconds=number)
        event = _next_event(desk, going_on)
        yield event, oracle.expect(event)


def _next_event(desk: Desk, going_on: list[Story]) -> Event[Data]:
    while going_on and desk.happens(0.6):
        nth = desk.chance.randrange(len(going_on))
        event = next(going_on[nth], None)
        if event is not None:
            return event
        going_on[nth] = going_on[-1]
        going_on.pop()
    going_on.append(any_story(desk))
    return next(going_on[-1])
