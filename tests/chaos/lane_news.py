"""What the lanes told each other of offers, and what came of it: the part of the audit for that.

When each lane hears of an offer is not the sender's to know, so what must be said is read from
what the hub wrote: each lane is told once, has one line in the ledger for it, and says once what
stands in the lines.
"""

import json
from collections import Counter
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from hub.streaming.reading import Found
from schemas.data import Data
from schemas.envelope import Event
from schemas.events.ledger_recorded import LedgerRecorded
from schemas.topics import LANE_OFFERS
from schemas.vocabulary import Verdict

KINDS: Final = frozenset({"referral.offer-suggested", "support-offer.capacity-lowered"})
"""What the hub says because of it."""
Cause = tuple[str, str]
"""Source and id of the event that it all follows from."""


class Told(NamedTuple):
    """Something all lanes are told, once each."""

    cause: Cause
    kind: str
    offer: bytes


class Sum(NamedTuple):
    """What is wrong with it."""

    lost: int
    repeated: int
    unexpected: int


@dataclass
class LaneNews:
    """Counts what is read; nothing was read yet."""

    told: dict[Told, Counter[int]] = field(default_factory=dict)
    """On which partitions each lies."""
    places: set[tuple[int, int]] = field(default_factory=set)
    """Partition and offset of each."""
    lines: Counter[tuple[int, int]] = field(default_factory=Counter)
    """The ledger's lines of each place."""
    promised: Counter[tuple[str, str]] = field(default_factory=Counter)
    """To whom something was said, by the ledger, and its id."""
    said: Counter[tuple[str, str]] = field(default_factory=Counter)
    """What came to whom, by its id."""
    causes: set[Cause] = field(default_factory=set)
    """What that follows from."""

    def note_told(self, found: Found) -> None:
        """A record that the lanes wrote for each other."""
        news = json.loads(found.record.value or b"")
        cause = news["origin"]["source"], news["origin"]["id"]
        told = Told(cause, news["kind"], found.record.key or b"")
        self.told.setdefault(told, Counter())[found.partition] += 1
        self.places.add((found.partition, found.offset))

    def note_line(self, line: LedgerRecorded) -> None:
        """A line of the ledger that tells of it; others say nothing here."""
        if line.verdict is not Verdict.NOTED:
            return
        if line.offset >= 0:
            self.lines[line.partition, line.offset] += 1
        self.promised.update((notice.to, notice.event_id) for notice in line.notices)

    def note_said(self, event: Event[Data]) -> None:
        """Something that the hub said because of it."""
        context = event.context
        self.said[context.recipient or "", context.id] += 1
        self.causes.add((context.sender or "", context.causationid or ""))

    @property
    def is_heard(self) -> bool:
        """Whether every lane has a line for all it was told."""
        return self.places <= self.lines.keys()

    def sum(self, sent: AbstractSet[Cause]) -> Sum:
        """Count what is missing, what came twice and what no event explains."""
        lanes = range(LANE_OFFERS.partitions)
        counts = [found[number] for found in self.told.values() for number in lanes]
        missing, extra = self.promised - self.said, self.said - self.promised
        unheard = self.places - self.lines.keys()
        return Sum(
            lost=counts.count(0) + len(unheard) + missing.total(),
            repeated=sum(max(0, count - 1) for count in counts)
            + sum(count - 1 for count in self.lines.values())
            + sum(count - 1 for count in self.said.values()),
            unexpected=sum(key not in self.promised for key in extra)
            + len(self.lines.keys() - self.places)
            + sum(told.cause not in sent for told in self.told)
            + len(self.causes - sent),
        )
