"""What was read compared with what must be: the judge of a year."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Final

from tests.chaos.lane_news import Sum
from tests.year.judge.heard import (
    Heard,
    Key,
    ReminderKey,
    SaidInTime,
    key_of,
    key_of_lowered,
    keys_of,
)
from tests.year.oracle.expected import Expected, Reminder, Told
from tests.year.ticks import SLACK

EARLY: Final = timedelta(seconds=2)
"""A clock is turned to full seconds, and what is timed begins a little after its tick."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """How a year compares; every count must be 0."""

    lost: int
    """Copies and answers that nobody read."""
    repeated: int
    """Those that were read more than once."""
    unexpected: int
    """Those that no saying explains, and types nobody has decided how to judge."""
    out_of_order: int
    """Copies that overtook another of their case."""
    leaked: int
    """Copies that tell where a person lives to somebody who may not know."""
    illegal_accepted: int
    """What had to be refused and was not."""
    legal_refused: int
    """What had to be accepted and was not."""
    reminders_missing: int
    """Reminders that were not said, or not at their time."""
    reminders_repeated: int
    """Reminders that were said once more."""
    reminders_unexpected: int
    """Those that were said though no time was over."""
    unledgered: int
    """Records and reminders without a line in the ledger, or with two."""


def judge(expected: Expected, heard: Heard, ticks: Sequence[datetime]) -> Verdict:
    """Count all that differs."""
    wanted = _wanted(expected)
    news = _news(expected, heard)
    extra = heard.seen - wanted
    missing, repeated, unexpected = _reminders(expected.reminders, heard, ticks)
    return Verdict(
        lost=(wanted - heard.seen).total() + news.lost,
        repeated=sum(count for key, count in extra.items() if key in wanted) + news.repeated,
        unexpected=sum(count for key, count in extra.items() if key not in wanted)
        + heard.strange.total()
        + news.unexpected,
        out_of_order=_overtaken(expected.told, heard),
        leaked=sum(key in heard.showing for key in _hidden(expected.told)),
        illegal_accepted=sum(
            told.refused is not None and extra[_accepted(told)] > 0 for told in expected.told
        ),
        legal_refused=sum(
            told.refused is None and not heard.seen[keys_of(told)[0]] for told in expected.told
        ),
        reminders_missing=missing,
        reminders_repeated=repeated,
        reminders_unexpected=unexpected,
        unledgered=_unledgered(expected.told, heard),
    )


def differences(expected: Expected, heard: Heard) -> list[str]:
    """What was lost, and what nothing explains, in words: to whom, because of what, what."""
    wanted = _wanted(expected)
    told = {one.cause for one in heard.news.told}
    sent = {(one.saying.event.context.source, one.saying.event.context.id) for one in expected.told}
    return [
        *(f"lost: {' '.join(key)}" for key in sorted((wanted - heard.seen).elements())),
        *(f"not expected: {' '.join(key)}" for key in sorted((heard.seen - wanted).elements())),
        *(f"nobody judges: {kind}" for kind in sorted(heard.strange)),
        *(f"nobody said: {' '.join(cause)}" for cause in sorted((told | heard.news.causes) - sent)),
        f"lanes told each other {len(heard.news.told)} things, {_lane_news(expected)} expected",
    ]


def _wanted(expected: Expected) -> Counter[Key]:
    wanted = Counter(key for told in expected.told for key in keys_of(told))
    wanted.update(key_of_lowered(one) for one in expected.lowered)
    return wanted


def _lane_news(expected: Expected) -> int:
    return sum(expected.lane_news.values())


def _news(expected: Expected, heard: Heard) -> Sum:
    """What the lanes told each other: as often as something was to be told, each lane once."""
    sent = {(one.saying.event.context.source, one.saying.event.context.id) for one in expected.told}
    found = heard.news.sum(sent)
    differs = len(heard.news.told) - _lane_news(expected)
    lost, unexpected = found.lost + max(0, -differs), found.unexpected + max(0, differs)
    return found._replace(lost=lost, unexpected=unexpected)


def _accepted(told: Told) -> Key:
    """What is read when a saying is accepted."""
    context = told.saying.event.context
    return context.party, context.source, context.id, "receipt.delivered"


def _hidden(told: Sequence[Told]) -> list[Key]:
    """The copies that must not tell where a person lives."""
    return [
        (copy.to, one.saying.event.context.source, one.saying.event.context.id, copy.kind)
        for one in told
        for copy in one.copies
        if copy.hidden
    ]


def _overtaken(told: Sequence[Told], heard: Heard) -> int:
    number = {
        (one.saying.event.context.source, one.saying.event.context.id): nth
        for nth, one in enumerate(told)
        if one.copies
    }
    came = (
        [number[cause] for cause in causes if cause in number] for causes in heard.order.values()
    )
    return sum(later < earlier for numbers in came for earlier, later in pairwise(numbers))


def _unledgered(told: Sequence[Told], heard: Heard) -> int:
    """Each record has one line; what was said in time stands in the ledger, each once."""
    records = abs(len(told) - len(heard.ledger)) + (heard.ledger.total() - len(heard.ledger))
    said = Counter(one.event_id for each in heard.reminders.values() for one in each)
    return records + (said - heard.timed).total() + (heard.timed - said).total()


def _reminders(
    wanted: Sequence[Reminder], heard: Heard, ticks: Sequence[datetime]
) -> tuple[int, int, int]:
    """Missing, repeated, unexpected; each was said at its time and named the time agreed."""
    by_key: dict[ReminderKey, list[Reminder]] = {}
    for one in wanted:
        by_key.setdefault(key_of(one), []).append(one)
    missing = repeated = unexpected = 0
    for key in by_key.keys() | heard.reminders.keys():
        said = list(heard.reminders.get(key, ()))
        times = by_key.get(key, [])
        for reminder in times:
            found = next((one for one in said if _fits(one, reminder, ticks)), None)
            if found is None:
                missing += 1
            else:
                said.remove(found)
        again = sum(any(_fits(one, reminder, ticks) for reminder in times) for one in said)
        repeated += again
        unexpected += len(said) - again
    return missing, repeated, unexpected


def _fits(said: SaidInTime, reminder: Reminder, ticks: Sequence[datetime]) -> bool:
    """Whether it was said as soon as the clock had passed the time, and names the right one."""
    seen_at = ticks[min(bisect_left(ticks, reminder.at), len(ticks) - 1)]
    if not reminder.at - EARLY <= said.at <= seen_at + SLACK:
        return False
    return said.promised is None or abs(said.promised - reminder.promised) <= SLACK
