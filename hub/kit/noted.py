"""What has been seen of a hub: what came in, what it did with it, what reached whom. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from hub.kit.knowing import NOTHING, known
from schemas.data import Data
from schemas.envelope import Event
from schemas.events.ledger_recorded import LedgerRecorded
from schemas.vocabulary import Verdict

Message = tuple[str, Event[Data]]
"""What reached a party, with the party."""


class Where(NamedTuple):
    """Where a record came in."""

    topic: str
    partition: int
    offset: int


@dataclass(slots=True)
class Noted:
    """Everything seen so far."""

    inputs: dict[Where, Event[Data]] = field(default_factory=dict)
    """What came in, in the order of each partition."""
    lines: dict[Where, LedgerRecorded] = field(default_factory=dict)
    """What the hub did with each record."""
    said: dict[tuple[str, str], Event[Data]] = field(default_factory=dict)
    """What reached each party, by its id."""
    refused_at_door: list[str] = field(default_factory=list)
    """The codes for which the doors refused what you handed in, one by one."""
    collected: set[str] = field(default_factory=set)
    """The ids of what you have acknowledged in your mailbox."""

    def line(self, said: LedgerRecorded) -> None:
        """Note a line of the ledger; what was said because a time was over is nobody's step."""
        if said.offset >= 0:
            self.lines[Where(said.topic, said.partition, said.offset)] = said

    def led_to(self, where: Where) -> list[Message] | None:
        """All that reached anybody because of a record; None as long as some of it is missing."""
        line = self.lines.get(where)
        if line is None:
            return None
        messages = [(party, self.said.get((party, name))) for party, name in _written(line)]
        found = [(party, event) for party, event in messages if event is not None]
        return found if len(found) == len(messages) else None

    def copies(self, subject: str, party: str, kind: str) -> Iterator[str]:
        """The ids of the deliveries of this type that a party has on a subject."""
        for (to, name), event in self.said.items():
            if (to, event.context.subject, event.data.TYPE) == (party, subject, kind):
                yield name

    def knows(self, subject: str, party: str, where: Where, *, before: bool = False) -> str:
        """What a party knows of a subject after this record, or before it."""
        found = NOTHING
        for place in self._in_order(subject):
            if place == where and before:
                break
            found = self._learns(place, party) or found
            if place == where:
                break
        return found

    def _in_order(self, subject: str) -> list[Where]:
        """The records of a subject that the hub sent on, as they came in."""
        routed = [
            place
            for place, event in self.inputs.items()
            if event.context.subject == subject
            and place in self.lines
            and self.lines[place].verdict is Verdict.ROUTED
        ]
        return sorted(routed, key=lambda place: (self.lines[place].received_at, place.offset))

    def _learns(self, place: Where, party: str) -> str | None:
        if self.lines[place].sender == party:
            return known(self.inputs[place].data)
        told = [event for to, event in self.led_to(place) or () if to == party]
        return next((what for event in told if (what := known(event.data))), None)


def _written(line: LedgerRecorded) -> Iterator[tuple[str, str]]:
    yield from zip(line.recipients, line.delivery_ids, strict=False)  # none when repeated
    if line.receipt_id is not None and line.sender is not None:
        yield line.sender, line.receipt_id
    for notice in line.notices:
        yield notice.to, notice.event_id
