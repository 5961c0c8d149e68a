"""What is said of an item that lies in a mailbox longer than agreed."""

from datetime import datetime
from typing import TYPE_CHECKING, Final

from hub.domain.collection import collect_until
from hub.domain.deadlines import agreed_by
from hub.domain.emission import HUB, derived_id
from hub.domain.parties import Parties
from schemas.data import Data
from schemas.envelope import Context, Event
from schemas.events.delivery_uncollected import DeliveryUncollected
from schemas.topics import HANDED_IN
from schemas.vocabulary import LegalBasis, Purpose

if TYPE_CHECKING:
    from connectors.mailbox.store import Uncollected

SOURCE: Final = f"{HUB}mailbox"


def report(one: "Uncollected", now: datetime, parties: Parties) -> Event[Data] | None:
    """The report for the sender of what lies there; None: no party sent it, but the hub itself.

    The same item gives the same id.
    """
    if one.type.rpartition(".v")[0] not in HANDED_IN or not (one.sender and one.cause_id):
        return None
    said = DeliveryUncollected(
        delivered_to=one.party,
        delivery_id=one.event_id,
        delivered_by=one.source,
        sent_by=one.sender,
        event_id=one.cause_id,
        lies_since=one.received_at,
        due_at=collect_until(one.received_at, agreed_by(one.party, parties)),
    )
    context = Context(
        type=said.wire_type(),
        source=SOURCE,
        id=derived_id(one.event_id, one.party, said.TYPE),
        subject=one.subject,
        time=now,
        dataschema=said.schema_uri(),
        purpose=Purpose.ACCOUNTABILITY,
        legalbasis=LegalBasis.GDPR_5_2,
        dataclassification=said.CLASSIFICATION,
    )
    return Event(context, said)
