"""All letters with what has become of each, grouped by what they died of."""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from hub.letters.journal import Act, Entry
from hub.letters.letter import Letter


class Status(StrEnum):
    """What has become of a letter."""

    OPEN = "open"
    """Nothing yet; it may have been sent again and refused again."""
    REPLAYED = "replayed"
    DISCARDED = "discarded"


class Kept(NamedTuple):
    """A letter, and what was done with it."""

    letter: Letter
    status: Status
    tries: int
    """How often it was sent again and refused again."""


class Cause(NamedTuple):
    """Letters that died of the same."""

    codes: tuple[str, ...]
    event_type: str
    sender: str
    open: int
    replayed: int
    discarded: int
    oldest_at: datetime
    newest_at: datetime


def shelf(letters: Iterable[Letter], entries: Iterable[Entry]) -> list[Kept]:
    """Every letter in the order of its death; a later act counts before an earlier one."""
    status: dict[str, Status] = {}
    tries: dict[str, int] = {}
    for one in entries:
        if one.act is Act.REPLAYED:
            status[one.letter] = Status.REPLAYED
        elif one.act is Act.DISCARDED:
            status[one.letter] = Status.DISCARDED
        elif one.act is Act.REFUSED:
            tries[one.letter] = tries.get(one.letter, 0) + 1
    return [
        Kept(one, status.get(one.id, Status.OPEN), tries.get(one.id, 0))
        for one in sorted(letters, key=_by_death)
    ]


def causes(kept: Iterable[Kept]) -> list[Cause]:
    """The groups, those with the most open letters first."""
    groups: dict[tuple[tuple[str, ...], str, str], list[Kept]] = {}
    for one in kept:
        letter = one.letter
        key = letter.codes, letter.attributes.get("type", ""), letter.sender
        groups.setdefault(key, []).append(one)
    found = [_cause(key, group) for key, group in groups.items()]
    return sorted(found, key=lambda cause: (-cause.open, cause.codes, cause.sender))


def _cause(key: tuple[tuple[str, ...], str, str], group: list[Kept]) -> Cause:
    counted = {status: sum(one.status is status for one in group) for status in Status}
    return Cause(
        *key,
        open=counted[Status.OPEN],
        replayed=counted[Status.REPLAYED],
        discarded=counted[Status.DISCARDED],
        oldest_at=min(one.letter.at for one in group),
        newest_at=max(one.letter.at for one in group),
    )


def _by_death(letter: Letter) -> tuple[datetime, str, int]:
    """By time; within a topic's partition by offset, whatever the clock said."""
    place, _, offset = letter.id.rpartition("/")
    return letter.at, place, int(offset)
