"""What is said from here, as an event: under which id, on which terms, and to whom. Pure."""

import uuid
from base64 import b32encode
from datetime import datetime
from hashlib import sha256
from typing import Final, NamedTuple

from hub.casework.desk import Terms
from hub.casework.progress import Here
from hub.casework.refusals import WouldBeRefused
from hub.domain import admission
from hub.domain.case import Case
from hub.domain.decision import Limits
from hub.domain.parties import Party
from hub.domain.recipients import route
from hub.domain.refusal import Refusal
from hub.domain.working_year import ZONE
from schemas.data import Data
from schemas.envelope import SOURCE_PREFIX, Context, Event
from schemas.events.handover_continued import HandoverContinued
from schemas.topics import TOPIC_OF
from schemas.vocabulary import LegalBasis, Purpose

SYSTEM: Final = "desk"
"""What a desk is called in `source`."""
USUAL: Final = Terms(Purpose.INTEGRATION, LegalBasis.SGB10_69)
"""On which terms a step is said of a referral whose request is not here."""


class Because(NamedTuple):
    """What an event belongs to."""

    correlation_id: str | None = None
    causation_id: str | None = None
    traceparent: str | None = None


def event_id(party: str, form: str) -> str:
    """The id of what is said by this form: the same however often it is sent."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"{SOURCE_PREFIX}{party}/{SYSTEM}|{form}"))


def opening_id(party: str, case: str, requested_at: datetime) -> str:
    """The id of what is said when a referral is opened here for the first time."""
    return event_id(party, f"opened|{case}|{requested_at.isoformat()}")


def case_number(party: str, form: str, now: datetime) -> str:
    """The number of the case that this form begins: the party, the day, six letters and digits."""
    day = now.astimezone(ZONE).strftime("%y%m%d")
    letters = b32encode(sha256(f"{party}|{form}".encode()).digest())[:6].decode().lower()
    return f"{party}-{day}-{letters}"


def answering(asked: Terms | None, data: Data, here: Here) -> Terms:
    """The terms on which this party says something on a case, as those who asked it did.

    On a legal basis that it has not declared, it answers on the first that it has.
    """
    if isinstance(data, HandoverContinued):
        return Terms(Purpose.JURISDICTION, LegalBasis.SGB10_2_3)
    wanted = asked or USUAL
    party = here.parties.get(here.party)
    return Terms(wanted.purpose, _basis(wanted.legal_basis, data, party))


def event(
    here: Here, case: str, data: Data, terms: Terms, said: tuple[str, datetime], why: Because
) -> Event[Data]:
    """The event in which this party says so; `said`: its id, and when."""
    name, at = said
    context = Context(
        type=data.wire_type(),
        source=f"{SOURCE_PREFIX}{here.party}/{SYSTEM}",
        id=name,
        subject=case,
        time=at,
        dataschema=data.schema_uri(),
        purpose=terms.purpose,
        legalbasis=terms.legal_basis,
        dataclassification=data.CLASSIFICATION,
        correlationid=why.correlation_id,
        causationid=why.causation_id,
        recipient=terms.recipient,
        traceparent=why.traceparent,
    )
    return Event(context, data)


def recipients(event: Event[Data], case: Case, here: Here, *, is_heard: bool) -> tuple[str, ...]:
    """Who would get the event, by the hub's own rules; raises WouldBeRefused.

    `is_heard`: the hub itself needs it, so that there may be none.
    """
    try:
        topic = TOPIC_OF[event.data.TYPE]
        admission.admit(event, topic, event.context.time, here.parties, Limits())
        return tuple(route(event, case, here.parties, is_heard=is_heard))
    except Refusal as refused:
        raise WouldBeRefused(refused.problems) from refused


def _basis(wanted: LegalBasis, data: Data, party: Party | None) -> LegalBasis:
    declared = party.sends.get(data.TYPE.partition(".")[0], ()) if party else ()
    for basis in (wanted, USUAL.legal_basis, *declared):
        if basis in declared:
            return basis
    return wanted
