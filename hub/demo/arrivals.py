"""What has reached the recipients and the hub's own topics, counted. Pure."""

from collections import Counter
from dataclasses import dataclass, field
from typing import NamedTuple

from schemas import codec
from schemas.data import Data
from schemas.envelope import Event
from schemas.events.address_change_reported import AddressChangeReported
from schemas.events.ledger_recorded import LedgerRecorded
from schemas.events.receipt_delivered import ReceiptDelivered
from schemas.events.receipt_refused import ReceiptRefused
from schemas.events.referral_requested import ReferralRequested
from schemas.topics import DEAD_SUFFIX, DELIVERY_PREFIX, INPUTS, LANE_TOPICS, LEDGER


class Copy(NamedTuple):
    """A recipient's copy of an event."""

    party: str
    kind: str
    """Its type, without version."""
    sender: str
    """The source of the event that led to it."""
    cause: str
    """The id of that event."""
    subject: str
    """The case, or the offer."""


class Receipt(NamedTuple):
    """An answer to a sender."""

    party: str
    id: str
    """The event it is about."""
    codes: tuple[str, ...]
    """Why it was refused; none: it was delivered."""
    repeated: bool


@dataclass(slots=True)
class Seen:
    """What has been seen up to now."""

    arrived: dict[Copy, float] = field(default_factory=dict)
    """When each copy arrived first, by `time.monotonic`."""
    copies: Counter[Copy] = field(default_factory=Counter)
    receipts: Counter[Receipt] = field(default_factory=Counter)
    lines: int = 0
    """How many lines of the ledger tell of a record."""
    with_address: set[Copy] = field(default_factory=set)
    """The copies that show an address."""
    records: Counter[str] = field(default_factory=Counter)
    """How many records lie on each topic, its name without prefix."""
    ends: dict[str, int] = field(default_factory=dict)
    """The offset behind the last record of each topic, its name with prefix."""

    @property
    def taken(self) -> int:
        """How many events the doors have let in."""
        return sum(self.records[topic.name] for topic in INPUTS)

    @property
    def dead(self) -> int:
        """How many lie on the dead-letter topics."""
        return sum(n for name, n in self.records.items() if name.endswith(DEAD_SUFFIX))

    @property
    def is_settled(self) -> bool:
        """Whether the hub has said of every record its lanes read what it did with it."""
        return self.lines >= sum(self.records[topic.name] for topic in LANE_TOPICS)

    def ends_of_parties(self, prefix: str) -> dict[str, int]:
        """The offset behind the last record of each party's topic, its name with prefix."""
        begin = prefix + DELIVERY_PREFIX
        return {topic: end for topic, end in self.ends.items() if topic.startswith(begin)}

    def note(self, topic: str, record: codec.Record, at: float) -> None:
        """Count a record of this topic, its name without prefix, that was read at this time."""
        self.records[topic] += 1
        if topic.startswith(DELIVERY_PREFIX):
            self._note_event(topic.removeprefix(DELIVERY_PREFIX), codec.decode(record), at)
        if topic == LEDGER.name:
            line = codec.decode(record).data
            self.lines += isinstance(line, LedgerRecorded) and line.offset >= 0

    def _note_event(self, party: str, event: Event[Data], at: float) -> None:
        data = event.data
        if isinstance(data, ReceiptDelivered):
            self.receipts[Receipt(party, data.event_id, (), data.repeated)] += 1
        elif isinstance(data, ReceiptRefused):
            codes = tuple(sorted(problem.code for problem in data.problems))
            self.receipts[Receipt(party, data.event_id or "", codes, data.repeated)] += 1
        else:
            context = event.context
            sender, cause = context.sender or "", context.causationid or ""
            copy = Copy(party, data.TYPE, sender, cause, context.subject)
            self.copies[copy] += 1
            self.arrived.setdefault(copy, at)
            if _shows_address(data):
                self.with_address.add(copy)


def _shows_address(data: Data) -> bool:
    if isinstance(data, AddressChangeReported):
        return data.new_address is not None
    return isinstance(data, ReferralRequested) and data.client.address is not None
