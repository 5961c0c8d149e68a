"""A hub without a broker: takes records in, remembers, and shows what it answered."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from importlib import resources
from typing import Final

from hub.domain.decision import (
    TIMER,
    Decision,
    Due,
    Kept,
    Limits,
    Outgoing,
    Processor,
    Received,
)
from hub.domain.parties import Parties
from hub.domain.parties_file import parse
from hub.domain.timers import Timer
from hub.processors import ALL
from schemas.codec import Record, decode
from schemas.data import Data
from schemas.envelope import Event
from schemas.events.ledger_recorded import LedgerRecorded
from schemas.events.receipt_delivered import ReceiptDelivered
from schemas.events.receipt_refused import ReceiptRefused
from schemas.problems import Problem
from schemas.topics import DEAD_SUFFIX, DELIVERY_PREFIX, HUB_EVENTS, LANE_OFFERS, LEDGER, Topic
from schemas.vocabulary import Verdict
from tests.support.builders import NOW, received

SHIPPED: Final = (resources.files("hub") / "parties.toml").read_text(encoding="utf-8")
CARITAS: Final = "caritas"
VEREIN: Final = "verein"
DARMSTADT: Final = "jc-darmstadt"
NEIGHBOURS: Final = f"""
[[party]]
id = "{CARITAS}"
name = "Caritas (Beispiel)"
kind = "provider"
commitment = "78-2026-001"
receives = ["referral", "support-offer"]

[[party]]
id = "{VEREIN}"
name = "Verein ohne Verpflichtung (Beispiel)"
kind = "provider"

[[party]]
id = "{DARMSTADT}"
name = "Jobcenter Darmstadt (Beispiel)"
kind = "carrier"
area = "06411"
"""
DISTRICT: Final = parse(SHIPPED, "hub/parties.toml")
WITH_NEIGHBOURS: Final = parse(SHIPPED + NEIGHBOURS, "parties.toml")
"""The district, a provider that has committed under SGB X §78 and one that has not, a carrier."""
PROCESSORS: Final[Mapping[str, Processor]] = {each.SOURCE.name: each for each in ALL}
BY_NAME: Final[Mapping[str, Processor]] = {each.NAME: each for each in ALL}


@dataclass(frozen=True)
class Decided:
    """What was written because of something."""

    decision: Decision

    @property
    def verdict(self) -> Verdict:
        """Routed, refused, repeated or timed."""
        return self.decision.verdict

    @cached_property
    def events(self) -> list[tuple[str, Event[Data]]]:
        """Everything written to a party, in order, with the party."""
        return [
            (output.topic.removeprefix(DELIVERY_PREFIX), decode(output.record))
            for output in self.decision.outputs
            if output.topic.startswith(DELIVERY_PREFIX)
        ]

    @property
    def ledgers(self) -> list[LedgerRecorded]:
        """All ledger lines, in order."""
        lines = [out for out in self.decision.outputs if out.topic == LEDGER.name]
        return [
            line for out in lines if isinstance(line := decode(out.record).data, LedgerRecorded)
        ]

    @property
    def ledger(self) -> LedgerRecorded:
        """The only ledger line."""
        (line,) = self.ledgers
        return line


@dataclass(frozen=True)
class Timed(Decided):
    """What became of one time that was over."""

    due: Due


@dataclass(frozen=True)
class Answer(Decided):
    """What became of one record."""

    received: Received

    @cached_property
    def copies(self) -> dict[str, Event[Data]]:
        """Each recipient's copy of the event."""
        found = [(to, event) for to, event in self.events if event.data.TYPE not in HUB_EVENTS]
        assert len(dict(found)) == len(found), "somebody got two copies"
        return dict(found)

    @property
    def rules(self) -> dict[str, str | None]:
        """Each recipient with the rule on its copy."""
        return {to: event.context.rule for to, event in self.copies.items()}

    @cached_property
    def notices(self) -> list[tuple[str, Event[Data]]]:
        """What the hub itself said, without receipts."""
        return [
            (to, event)
            for to, event in self.events
            if event.data.TYPE in HUB_EVENTS and not event.data.TYPE.startswith("receipt.")
        ]

    @cached_property
    def receipts(self) -> list[tuple[str, Event[Data]]]:
        """The answers to senders."""
        return [(to, e) for to, e in self.events if e.data.TYPE.startswith("receipt.")]

    @property
    def receipt(self) -> Event[Data]:
        """The only receipt."""
        ((_, event),) = self.receipts
        return event

    @property
    def delivered(self) -> ReceiptDelivered:
        """The only receipt, which says who got the event."""
        assert isinstance(self.receipt.data, ReceiptDelivered), self.problems
        return self.receipt.data

    @property
    def refused(self) -> ReceiptRefused:
        """The only receipt, which says what was wrong."""
        assert isinstance(self.receipt.data, ReceiptRefused)
        return self.receipt.data

    @property
    def problems(self) -> list[tuple[str, str | None]]:
        """Code and field of everything that was wrong."""
        return [(str(found.code), found.field) for found in self.decision.problems]

    @property
    def problem(self) -> Problem:
        """The only problem."""
        (found,) = self.decision.problems
        return found

    @property
    def dead(self) -> list[Outgoing]:
        """The dead letters."""
        return [out for out in self.decision.outputs if out.topic.endswith(DEAD_SUFFIX)]


@dataclass
class Hub:
    """The processors with their lane's memory; each record has its partition's next offset."""

    parties: Parties = DISTRICT
    limits: Limits = field(default_factory=Limits)
    news: list[Outgoing] = field(default_factory=list)
    """What this lane told the lanes and they have not heard yet."""
    state: Kept = field(default_factory=Kept)
    offset: int = 0

    def takes(
        self, event: Event[Data] | Record, *, at: datetime = NOW, topic: Topic | None = None
    ) -> Answer:
        """What becomes of it when it comes in then and there, and remember."""
        self.offset += 1
        return self.takes_in(received(event, self.offset, at=at, topic=topic))

    def takes_in(self, lying: Received) -> Answer:
        """The same of a record that already lies somewhere."""
        processor = PROCESSORS[lying.topic]
        decision = processor.handle(lying, self.state, self.parties, self.limits)
        self.remember(decision)
        return Answer(decision, lying)

    def hears(self, *, at: datetime = NOW) -> list[Answer]:
        """What follows from all that the lanes were told, were this the only one."""
        heard: list[Answer] = []
        while self.news:
            heard.append(self.takes(self.news.pop(0).record, at=at, topic=LANE_OFFERS))
        return heard

    def rings(self, until: datetime) -> "list[Timed]":
        """What the timers lead to that are due by then, each at its time, the earliest first."""
        rung: list[Timed] = []
        while key := min((key for key in self.state if key.startswith(TIMER)), default=None):
            timer = Timer.parse(key)
            if timer.due > until:
                break
            rung.append(self.ring(key, timer.due))
        return rung

    def ring(self, key: bytes, now: datetime) -> "Timed":
        """What this timer leads to now, and remember."""
        due = Due(key, self.state.get(key, b"{}"), now)
        decision = BY_NAME[due.processor].on_time(due, self.state, self.parties)
        self.state.pop(key, None)
        self.remember(decision)
        return Timed(decision, due)

    def forget(self, family: bytes) -> None:
        """Forget a family of keys, as a lane does after some time."""
        kept = [key for key in self.state if not key.startswith(family)]
        self.state = Kept({key: self.state[key] for key in kept})

    def remember(self, decision: Decision) -> None:
        """Keep what a decision changes."""
        self.state.remember(decision.state)
        self.news += [out for out in decision.outputs if out.topic == LANE_OFFERS.name]

    def after(self, *events: Event[Data]) -> "Hub":
        """The hub after these events, each of which is sent on."""
        for event in events:
            answer = self.takes(event)
            assert answer.verdict is Verdict.ROUTED, answer.problems
        return self
