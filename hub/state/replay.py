"""A lane played again: what its memory should be, as far as the source still tells.

The ledger has a line for each record a lane moved and each time that was over, in the order in
which it happened. Played again in that order by the same rules, from an empty memory, they lead to
the same memory. Where the rules decide otherwise than the ledger says, nobody can tell.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from hub.domain.decision import TIMER, Decide, Due, Received, Ring, StateChanges
from hub.state import key as keys
from hub.state.memory import Memory, position_key
from hub.state.told import Told, told_by


class Doubt(StrEnum):
    """Why nobody can say what an entry should be."""

    OLDER = "older"  # its history begins before what the input topics keep
    UNCONFIRMED = "unconfirmed"  # it was decided otherwise then, or the ledger has no line


@dataclass(frozen=True, slots=True)
class Expected:
    """What the state of a lane should hold."""

    entries: Mapping[bytes, bytes]
    may_be_gone: frozenset[bytes]
    """Those of them that the lane may have forgotten: they are the oldest of a full family."""
    doubts: Mapping[bytes, Doubt]
    """By key, or by subject for all entries about it."""

    def doubt(self, key: bytes) -> Doubt | None:
        """Why this entry cannot be judged; None if it can."""
        return self.doubts.get(key) or self.doubts.get(keys.subject(key))


@dataclass(slots=True)
class Replay:
    """One lane; it takes its steps in the ledger's order."""

    decide: Decide
    ring: Ring
    memory: Memory
    """Empty at first."""
    batch_events: int
    """How many events a batch may have; in which order it forgets is not told."""
    records: int = 0
    """How many records were played again."""
    timers: int = 0
    """How many times that were over."""
    older: int = 0
    """How many records were moved that the input topics keep no more."""
    untold: int = 0
    """How many records lie among those moved, and have no line in the ledger."""
    _forgotten: dict[bytes, bytes] = field(default_factory=dict)
    _doubts: dict[bytes, Doubt] = field(default_factory=dict)

    def moved(self, line: Told, received: Received | None, now_s: int) -> None:
        """A record was moved at this time, seconds since 1970; None if it is not kept any more."""
        position: StateChanges = {position_key(line.topic): b"%d" % (line.offset + 1)}
        if received is None:
            self.older += 1
            self._doubt(line, Doubt.OLDER)
            self._apply(position, now_s)
            return
        self.records += 1
        decision = self.decide(received, self.memory)
        if [one.decided for one in told_by(decision)] != [line.decided]:
            self._doubt(line, Doubt.UNCONFIRMED, decision.state)
        self._apply(decision.state | position, now_s)

    def rung(self, line: Told, now_s: int) -> None:
        """A time was over, here or in another lane; if here, the timer rings that it came from."""
        standing = self._standing(line.subject)
        for key, value in standing.items():
            decision = self.ring(Due(key, value, line.at), self.memory)
            said = told_by(decision)
            if [one.id for one in said] == [line.id]:
                self.timers += 1
                if said[0].decided != line.decided:
                    self._doubt(line, Doubt.UNCONFIRMED, decision.state)
                self._apply({key: None, **decision.state}, now_s)
                return
        if standing:
            self._doubt(line, Doubt.UNCONFIRMED)

    def skipped(self, received: Received) -> None:
        """A record that the ledger does not tell of: what it is about cannot be judged."""
        self.untold += 1
        decision = self.decide(received, self.memory)
        for line in told_by(decision):
            self._doubt(line, Doubt.UNCONFIRMED, decision.state)

    def expected(self) -> Expected:
        """What the state should hold now."""
        entries = dict(self.memory.everything())
        may_be_gone = (self._forgotten.keys() - entries.keys()) | set(self._next_to_go())
        return Expected(self._forgotten | entries, frozenset(may_be_gone), self._doubts)

    def _standing(self, subject: str) -> dict[bytes, bytes]:
        """The timers of a subject."""
        ending = b"/" + subject.encode()
        return {key: value for key, value in self.memory.under(TIMER) if key.endswith(ending)}

    def _apply(self, changes: StateChanges, now_s: int) -> None:
        for key, value in changes.items():
            self.memory.apply(key, value, now_s)
        for key in list(self.memory.to_forget(now_s, len(changes))):
            self._forgotten[key] = self.memory.get(key) or b""
            self.memory.apply(key, None, now_s)

    def _doubt(self, line: Told, why: Doubt, changed: Iterable[bytes] = ()) -> None:
        """What this line is about cannot be judged; that it is older says most."""
        for what in (line.subject.encode(), line.seen_key, *changed):
            if what is not None and self._doubts.get(what) is not Doubt.OLDER:
                self._doubts[what] = why

    def _next_to_go(self) -> Iterator[bytes]:
        """The oldest of each family that is full, or nearly."""
        for keep in self.memory.keeps:
            family = [key for key, _ in self.memory.under(keep.prefix)]
            surplus = len(family) + self.batch_events - keep.max_entries
            yield from family[: max(0, surplus)]
