"""One line of the ledger: what the hub did with an event, without what the event says."""

from typing import ClassVar

from schemas.data import Data
from schemas.model import EventId, Moment, PartyId
from schemas.problems import ProblemCode
from schemas.vocabulary import Classification, Verdict


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
    sender: PartyId | None = None
    """Who sent it, if it could be read."""
    recipients: tuple[PartyId, ...] = ()
    """Who got it."""
    rules: tuple[str, ...] = ()
    """By which rules, in the order of the recipients."""
    problems: tuple[ProblemCode, ...] = ()
    """Why it was refused."""
    topic: str
    """Where it came in."""
    partition: int
    """On which partition."""
    offset: int
    """At which offset."""
    received_at: Moment
    """When it lay there."""
