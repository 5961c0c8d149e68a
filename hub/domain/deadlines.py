"""Deadlines as a lane keeps them: which clocks run in a place, and the timer each has standing.

Of each clock only the next timer stands; it names itself in the clock, and who fires it plans
its successor. Clock and timer change in one transaction with what is said. So each time is over
once, whatever happens: a timer that its clock does not name any more means nothing.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from typing import Final, NamedTuple

from pydantic import TypeAdapter
from pydantic_core import to_json

from hub.domain.agreed_times import AgreedTimes
from hub.domain.clocks import Clock, Deadline, due_at, going_on, stopped
from hub.domain.decision import Due, State, StateChanges
from hub.domain.parties import Parties
from hub.domain.timers import Place, Timer
from schemas.vocabulary import AwaitedStep

FAMILY: Final = b"clock/"
"""The family of keys; an entry goes when nothing is awaited any more."""
_FORM: Final = TypeAdapter(tuple[Clock, ...])


class Wait(NamedTuple):
    """That others wait for a party's step."""

    step: AwaitedStep
    of: str
    """The party whose step it is."""
    on_hold: bool = False
    """Whether the waiting rests: then its clock stands still."""
    since: datetime | None = None
    """Since when, where it does not begin when it is said; if it changes, a new clock runs."""


class Rung(NamedTuple):
    """A time that is over."""

    clock: Clock
    """As it was."""
    deadline: Deadline
    due_at: datetime
    """When the time agreed was over, or will be."""
    name: str
    """What names it among all: the same again means the same time of the same clock."""
    changes: StateChanges


def load(state: State, place: Place) -> tuple[Clock, ...]:
    """The clocks that run or stand still in a place."""
    kept = state.get(_key(place))
    return () if kept is None else _read(kept)


@lru_cache(maxsize=64)
def _read(kept: bytes) -> tuple[Clock, ...]:
    """The clocks as they are kept; an event looks at those of its place more than once."""
    return _FORM.validate_json(kept)


def agreed_by(party: str, parties: Parties) -> AgreedTimes:
    """What a party has agreed to; of one that is declared no more, the jobcenter's times count."""
    found = parties.get(party) or next(iter(parties.jobcenters), None)
    return found or AgreedTimes()


def follow(
    state: State, place: Place, waits: Sequence[Wait], at: datetime, parties: Parties
) -> StateChanges:
    """What becomes of a place's clocks and timers, now that this is awaited there, and no more.

    A step another party must take now, or that was not awaited before, has a clock of its own
    from `at` on. Where nothing changed, nothing is written.
    """
    before = load(state, place)
    after = tuple(_followed(before, wait, place, at, parties) for wait in waits)
    return _changes(place, before, after)


def ring(key: bytes, state: State, parties: Parties) -> Rung | None:
    """The time whose timer this was, or None if it means nothing any more.

    It does not ask what time it is now: to ring is the lane's task.
    """
    place = Timer.parse(key).place
    before = load(state, place)
    clock = next((each for each in before if each.timer == key.decode()), None)
    if clock is None:
        return None
    deadline = clock.coming[0]
    agreed = agreed_by(clock.of, parties)
    passed = _with_timer(replace(clock, passed=clock.passed + 1), place, agreed)
    left = () if deadline is Deadline.EXPIRY else (passed,)
    after = tuple(kept for each in before for kept in (left if each is clock else (each,)))
    since = clock.since.isoformat()
    name = "|".join((*place, clock.step, clock.of, since, deadline))
    return Rung(
        clock,
        deadline,
        due_at(clock, Deadline.OVERDUE, agreed),
        name,
        _changes(place, before, after),
    )


def first_due(state: State, place: Place, at: datetime) -> Due | None:
    """The timer of a place that ought to have rung by this moment, the earliest of several.

    Who asks before each event of the place, and fires what is found, decides by the order of
    the log alone what was in time, however late the lane is.
    """
    standing = [clock.timer for clock in load(state, place) if clock.timer]
    earliest = min(standing, default=None)  # their keys are in the order of their times
    if earliest is None or Timer.due_s(earliest) > at.timestamp():
        return None
    key = earliest.encode()
    return Due(key, state.get(key) or b"{}", at)


def timers_for(clock: Clock, place: Place, parties: Parties) -> list[Timer]:
    """The timers still to come of a clock, in order, were it not to stand still again."""
    agreed = agreed_by(clock.of, parties)
    return [_timer(clock, deadline, place, agreed) for deadline in clock.coming]


def awaited(before: Sequence[Clock], wait: Wait, at: datetime, parties: Parties) -> Clock:
    """The clock of what is awaited from now on: the one that runs for it, or a new one."""
    same = (each for each in before if (each.step, each.of) == (wait.step, wait.of))
    known = next((each for each in same if wait.since in (None, each.since)), None)
    agreed = agreed_by(wait.of, parties)
    clock = known or _begun(wait, at, agreed)
    return stopped(clock, at) if wait.on_hold else going_on(clock, at, agreed)


def _followed(
    before: tuple[Clock, ...], wait: Wait, place: Place, at: datetime, parties: Parties
) -> Clock:
    clock = awaited(before, wait, at, parties)
    return clock if clock in before else _with_timer(clock, place, agreed_by(wait.of, parties))


def _begun(wait: Wait, at: datetime, agreed: AgreedTimes) -> Clock:
    """A clock of its own; what was over when it was set off is said to nobody."""
    clock = Clock(wait.step, wait.of, wait.since or at)
    if wait.since is None:
        return clock
    over = sum(due_at(clock, deadline, agreed) <= at for deadline in clock.coming)
    return replace(clock, passed=over)


def _with_timer(clock: Clock, place: Place, agreed: AgreedTimes) -> Clock:
    if clock.hold_since is not None or not clock.coming:
        return replace(clock, timer=None)
    timer = _timer(clock, clock.coming[0], place, agreed)
    return replace(clock, timer=timer.key().decode())


def _timer(clock: Clock, deadline: Deadline, place: Place, agreed: AgreedTimes) -> Timer:
    moment = due_at(clock, deadline, agreed)
    return Timer.at(moment, place, f"{clock.step}-{deadline}")


def _changes(place: Place, before: tuple[Clock, ...], after: tuple[Clock, ...]) -> StateChanges:
    """From the clocks as they were to those that are: timers cancelled and set, clocks kept."""
    if after == before:
        return {}
    changes: StateChanges = {each.timer.encode(): None for each in before if each.timer}
    for each in after:
        if each.timer:
            changes[each.timer.encode()] = to_json({"of": each.of})
    changes[_key(place)] = _FORM.dump_json(after, exclude_defaults=True) if after else None
    return changes


def _key(place: Place) -> bytes:
    return FAMILY + "/".join(place).encode()
