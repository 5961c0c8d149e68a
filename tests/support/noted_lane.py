"""A lane without a broker: real rules, a real memory, and its steps as the ledger notes them."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, NamedTuple

from hub.domain.decision import TIMER, Decision, Due, Limits, Received
from hub.domain.parties import Parties
from hub.domain.timers import Timer
from hub.processors import ALL
from hub.state.comparison import Comparison, Entry, compare
from hub.state.memory import Draft, Keep, Memory, position_key
from hub.state.replay import Replay
from hub.state.told import Told, told_by
from hub.streaming.rules import Rules
from schemas.codec import Record
from schemas.data import Data
from schemas.envelope import Event
from schemas.topics import LANE_OFFERS, LEDGER, Topic
from tests.support.answers import WITH_NEIGHBOURS
from tests.support.builders import NOW, received

AMPLE: Final = (Keep(b"seen/", 10**9, 10**6), Keep(b"case/", 10**9, 10**6))
"""Nothing is forgotten."""
WRITTEN_MS: Final = 1000
"""When every entry was written: long after the ledger begins."""


class Step(NamedTuple):
    """One line of the ledger, and the record that it is about."""

    line: Told
    received: Received | None
    """None: a time was over."""
    at_s: int


@dataclass
class NotedLane:
    """It moves events in batches, as a worker's lane does."""

    parties: Parties = WITH_NEIGHBOURS
    keeps: tuple[Keep, ...] = AMPLE
    batch_events: int = 1
    steps: list[Step] = field(default_factory=list)
    news: list[Record] = field(default_factory=list)
    """What it told every lane, itself included, and has not heard yet."""
    asides: int = 0
    """How many lines its ledger has about what was said because of a record beside."""
    offset: int = -1

    def __post_init__(self) -> None:
        self.rules = Rules(ALL, self.parties, Limits(), prefix="")
        self.memory = Memory(self.keeps)

    def takes(
        self, *events: Event[Data] | Record, at: datetime = NOW, topic: Topic | None = None
    ) -> None:
        """Move these in one batch, as they come in at this moment."""
        lying = []
        for event in events:
            self.offset += 1
            lying.append(received(event, self.offset, at=at, topic=topic))
        self.moves(lying, at)

    def moves(self, batch: Iterable[Received], at: datetime) -> None:
        """Move these in one batch, at this moment."""
        draft = Draft(self.memory)
        for one in batch:
            self._note(self.rules.decide(one, draft), draft, one, at)
            draft.changes[position_key(one.topic)] = b"%d" % (one.offset + 1)
        for key in self.memory.to_forget(_s(at), len(draft.changes)):
            draft.changes.setdefault(key, None)
        draft.commit(_s(at))

    def hears(self, at: datetime = NOW) -> None:
        """Move what it told the lanes, until it says nothing more."""
        while self.news:
            news, self.news = self.news, []
            self.takes(*news, at=at, topic=LANE_OFFERS)

    def rings(self, until: datetime) -> None:
        """Ring what is due by then, each at its time."""
        while (timer := min(self.memory.under(TIMER), default=None)) is not None:
            key, value = timer
            at, draft = Timer.parse(key).due, Draft(self.memory)
            if at > until:
                break
            draft.changes[key] = None
            due = Due(key, value, at)
            self._note(self.rules.ring(due, draft), draft, None, at)
            draft.commit(_s(at))

    def state(self) -> dict[bytes, Entry]:
        """What its state topic holds."""
        return {key: Entry(value, WRITTEN_MS) for key, value in self.memory.everything()}

    def replayed(self, *, parties: Parties | None = None, kept_from: int = 0) -> Replay:
        """Its steps played again, by these parties, where older records are kept no more."""
        rules = Rules(ALL, parties or self.parties, Limits(), prefix="")
        replay = Replay(rules.decide, rules.ring, Memory(self.keeps), self.batch_events)
        for line, lying, at_s in self.steps:
            if line.offset < 0:
                replay.rung(line, at_s)
            else:
                replay.moved(line, lying if line.offset >= kept_from else None, at_s)
        return replay

    def compared(
        self,
        state: dict[bytes, Entry] | None = None,
        *,
        parties: Parties | None = None,
        kept_from: int = 0,
    ) -> Comparison:
        """What was replayed against this state, or its own."""
        replay = self.replayed(parties=parties, kept_from=kept_from)
        return compare(replay.expected(), self.state() if state is None else state, 0)

    def _note(self, decision: Decision, draft: Draft, lying: Received | None, at: datetime) -> None:
        draft.changes.update(decision.state)
        self.news += [out.record for out in decision.outputs if out.topic == LANE_OFFERS.name]
        lines = told_by(decision)
        self.asides += sum(out.topic == LEDGER.name for out in decision.outputs) - len(lines)
        for line in lines:
            about = lying if line.offset >= 0 else None
            self.steps.append(Step(line, about, _s(at)))


def sums(comparison: Comparison) -> dict[str, int]:
    """How many entries count in each column, whatever their family."""
    columns: dict[str, int] = {}
    for counts in comparison.families.values():
        for name in ("equal", "missing", "different", "unexplained", "kept_older"):
            columns[name] = columns.get(name, 0) + getattr(counts, name)
        columns["kept_unconfirmed"] = columns.get("kept_unconfirmed", 0) + counts.kept_unconfirmed
    return {name: number for name, number in columns.items() if number}


def _s(at: datetime) -> int:
    return int(at.timestamp())
