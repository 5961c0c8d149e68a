"""Which letters may be sent again, in which order: the order of each case is kept.

A letter waits for the earlier ones of its case: one that is not chosen, one that today's contract
still refuses, one that the hub has refused again.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from hub.domain.admission import admit
from hub.domain.decision import Limits
from hub.domain.parties import Parties
from hub.domain.refusal import Refusal
from hub.letters.letter import Letter
from hub.letters.shelf import Kept, Status
from schemas.codec import decode
from schemas.errors import Unreadable
from schemas.topics import INPUTS

Check = Callable[[Letter], tuple[str, ...]]
"""Why a letter would be refused today; nothing: it would be taken."""
LEFT_OUT = "content-left-out"
NOT_FROM_OUTSIDE = "not-from-outside"
"""What the lanes say to each other is theirs to say again."""


class Fate(StrEnum):
    """What becomes of a chosen letter."""

    SEND = "send"
    """It is sent, after the earlier ones of its case."""
    REFUSED = "refused"
    """Today's contract or registry still refuses it."""
    WAITS = "waits"
    """For an earlier letter of its case."""


class Step(NamedTuple):
    """What is planned for a letter."""

    letter: Letter
    fate: Fate
    because: str
    """The codes, or the letter that it waits for."""


def plan(kept: Sequence[Kept], chosen: Collection[str], check: Check) -> list[Step]:
    """The chosen letters that are open, in order; `kept` in the order of death."""
    held_up: dict[str, str] = {}
    steps: list[Step] = []
    for one in kept:
        letter = one.letter
        if one.status is not Status.OPEN:
            continue
        if letter.id not in chosen:
            held_up.setdefault(letter.case, letter.id)
        elif letter.case in held_up:
            steps.append(Step(letter, Fate.WAITS, held_up[letter.case]))
        elif codes := check(letter):
            held_up[letter.case] = letter.id
            steps.append(Step(letter, Fate.REFUSED, ", ".join(codes)))
        else:
            steps.append(Step(letter, Fate.SEND, ""))
    return steps


def today(letter: Letter, now: datetime, parties: Parties, limits: Limits) -> tuple[str, ...]:
    """Why it would be refused by what can be judged without its case."""
    if letter.left_out:
        return (LEFT_OUT,)
    topic = next((one for one in INPUTS if one.name == letter.topic), None)
    if topic is None:
        return (NOT_FROM_OUTSIDE,)
    try:
        admit(decode(letter.record), topic, now, parties, limits)
    except (Unreadable, Refusal) as error:
        return tuple(problem.code.value for problem in error.problems)
    return ()


def of_cause(
    kept: Iterable[Kept], codes: Collection[str], event_type: str, sender: str
) -> set[str]:
    """The ids of the letters that died of one of these codes, of this type, of this sender."""
    return {
        one.letter.id
        for one in kept
        if (not codes or set(one.letter.codes) & set(codes))
        and (not event_type or one.letter.attributes.get("type", "").startswith(event_type))
        and (not sender or one.letter.sender == sender)
    }
