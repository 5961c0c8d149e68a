"""A line of the ledger as trail, report and statement read it."""

from datetime import datetime
from typing import NamedTuple

from schemas.vocabulary import Verdict

RECEIPT = "receipt."
REQUEST = "referral.requested"
HANDOVER_OPENED = "handover.opened"
HANDOVER_CONTINUED = "handover.continued"
OFFER_SUGGESTED = "referral.offer-suggested"
SEEN = "receipt.seen"
STORED = "receipt.stored"
COUNT = frozenset({Verdict.ROUTED, Verdict.TIMED})
"""The verdicts on what changed anything."""


class Written(NamedTuple):
    """What the hub wrote to a party because of a line: a copy, a receipt or a notice."""

    party: str
    event_id: str
    event_type: str
    """Without its version."""
    rule: str | None


class Line(NamedTuple):
    """What the hub did with one record; codes, ids and times."""

    subject: str
    verdict: str
    recorded_at: datetime
    """When the line lay on the ledger: with it lay what was written to the recipients."""
    received_at: datetime
    event_id: str | None
    event_type: str | None
    """Without its version."""
    sender: str | None
    sent_at: datetime | None
    problems: str
    """The problem codes, with blanks between them."""
    status: str | None
    reason: str | None
    outcome: str | None
    service: str | None
    offer_id: str | None
    owner: str | None
    due_at: datetime | None
    appointment_at: datetime | None
    first_received_at: datetime | None
    first_received_by: str | None
    handover: str | None
    written: tuple[Written, ...] = ()

    @property
    def counts(self) -> bool:
        """Whether it changed anything: it was neither refused nor sent before."""
        return self.verdict in COUNT

    @property
    def said_at(self) -> datetime:
        """When it happened at its source; when it came in, where that is not known."""
        return self.sent_at or self.received_at

    @property
    def copies(self) -> tuple[Written, ...]:
        """What the recipients got of the event."""
        return tuple(one for one in self.written if one.event_type == self.event_type)

    @property
    def notices(self) -> tuple[Written, ...]:
        """What the hub said by itself because of it."""
        return tuple(
            one
            for one in self.written
            if one.event_type != self.event_type and not one.event_type.startswith(RECEIPT)
        )


def kind(wire_type: str | None) -> str | None:
    """The type without its version: `referral.requested` of `referral.requested.v1`."""
    if wire_type is None:
        return None
    return wire_type.rpartition(".v")[0] or wire_type
