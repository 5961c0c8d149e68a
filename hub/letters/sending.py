"""Sends letters again, of each case one at a time: the next when the hub has judged the last."""

from collections import deque
from collections.abc import Iterable
from typing import NamedTuple

from hub.letters.journal import Act
from hub.letters.letter import Letter
from schemas.events.ledger_recorded import LedgerRecorded


class Outcome(NamedTuple):
    """What the hub made of a letter."""

    act: Act
    """REPLAYED or REFUSED."""
    says: str
    """The verdict, or the codes."""


class Result(NamedTuple):
    """What became of a letter in a replay."""

    letter: Letter
    outcome: Outcome | None
    """None: it was not sent."""
    because: str = ""
    """Why it was not sent."""


def outcome(line: LedgerRecorded) -> Outcome:
    """What a line of the ledger says; an event delivered before is recognised, and delivered."""
    if line.problems:
        return Outcome(Act.REFUSED, ", ".join(code.value for code in line.problems))
    return Outcome(Act.REPLAYED, line.verdict.value)


class Sending:
    """The letters that are still to be sent; those of a case wait for one another."""

    def __init__(self, letters: Iterable[Letter]) -> None:
        """Send these, in this order."""
        self._queues: dict[str, deque[Letter]] = {}
        for letter in letters:
            self._queues.setdefault(letter.case, deque()).append(letter)
        self._ready = deque(self._queues)
        """Cases of which nothing is on its way."""

    def next(self) -> Letter | None:
        """The next that may be sent now; None: all that is left waits for a verdict."""
        return self._queues[self._ready.popleft()].popleft() if self._ready else None

    def judged(self, letter: Letter, found: Outcome) -> list[Result]:
        """The hub has judged it: its result, and those it holds up if it was refused again."""
        queue = self._queues[letter.case]
        held_up: list[Result] = []
        if found.act is Act.REFUSED:
            held_up = [Result(one, None, letter.id) for one in queue]
            queue.clear()
        elif queue:
            self._ready.append(letter.case)
        return [Result(letter, found), *held_up]

    def rest(self) -> list[Letter]:
        """What was not sent."""
        return [letter for queue in self._queues.values() for letter in queue]
