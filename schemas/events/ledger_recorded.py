"""One line of the ledger: what the hub did with an event, without what the event says.

What it did because a time was over has a line, too.
"""

from enum import StrEnum
from typing import Annotated, ClassVar

from pydantic import Field

from schemas.data import Data
from schemas.envelope import Source
from schemas.events.referral_requested import OfferId
from schemas.model import EventId, Frozen, Moment, PartyId
from schemas.problems import ProblemCode
from schemas.vocabulary import (
    Classification,
    Outcome,
    ReferralStatus,
    Service,
    StatusReason,
    Verdict,
)


class HandoverState(StrEnum):
    """How a hand-over (SGB X §2(3)) stands after an event."""

    OPEN = "open"
    ENDED = "ended"


class Step(Frozen):
    """What an event means for its case: codes, ids and times, and nothing else of it."""

    status: ReferralStatus | None = None
    """The status it has from now on."""
    reason: StatusReason | None = None
    """Why."""
    outcome: Outcome | None = None
    """How it ended."""
    service: Service | None = None
    """What was asked for."""
    offer_id: OfferId | None = None
    """The named local offer."""
    owner: PartyId | None = None
    """Who has the referral from now on."""
    due_at: Moment | None = None
    """Until when its owner must answer."""
    appointment_at: Moment | None = None
    """When client and counsellor meet."""
    first_received_at: Moment | None = None
    """The filing date (SGB I §16(2))."""
    first_received_by: PartyId | None = None
    """Which party received it first."""
    handover: HandoverState | None = None
    """How the hand-over stands from now on."""


class Notice(Frozen):
    """What the hub said to a party besides copies and receipts: a hand-over, a reminder."""

    to: PartyId
    """To whom."""
    event_type: str
    """Its type on the wire."""
    event_id: EventId
    """Its id."""
    rule: str | None = None
    """By which rule."""


class LedgerRecorded(Data):
    """Written in the transaction that delivered or refused the event."""

    TYPE: ClassVar[str] = "ledger.recorded"
    CLASSIFICATION: ClassVar[Classification] = Classification.INTERNAL

    verdict: Verdict
    """What was done."""
    event_id: EventId | None = None
    """The id of the event, as its sender gave it, if it could be read."""
    event_type: str | None = None
    """Its type on the wire, if it could be read."""
    source: Source | None = None
    """Which system of the sender said it, if it could be read."""
    sequence: Annotated[int, Field(ge=0, le=2**63 - 1)] | None = None
    """The number its source gave it, if it counts what it sends."""
    sent_at: Moment | None = None
    """When it happened at its source."""
    correlationid: EventId | None = None
    """Shared by all events that belong together, as its sender gave it."""
    causationid: EventId | None = None
    """The id of the event that led to it, as its sender gave it."""
    sender: PartyId | None = None
    """Who sent it, if it could be read."""
    recipients: tuple[PartyId, ...] = ()
    """Who got it."""
    rules: tuple[str, ...] = ()
    """By which rules, in the order of the recipients."""
    delivery_ids: tuple[EventId, ...] = ()
    """The ids of the copies written now, in the order of the recipients; none when repeated."""
    receipt_id: EventId | None = None
    """The id of the receipt to the sender."""
    notices: tuple[Notice, ...] = ()
    """What else was said because of it."""
    step: Step | None = None
    """What it means for its case."""
    problems: tuple[ProblemCode, ...] = ()
    """Why it was refused."""
    topic: str
    """Where it came in; where nothing did, where events of its case come in."""
    partition: int
    """On which partition; -1: none, it follows from a time or from what lanes told each other."""
    offset: int
    """At which offset; -1: as with the partition."""
    received_at: Moment
    """When it lay there; where nothing did, when the hub saw what it follows from."""
