"""Events in the domain's words: each builder says a usual one, changes say what is unusual.

    a_move(by="06432005", on="case-1", new_ags="06411000", person={"family_name": "Probe"})

Besides the fields of the data: `by` the sending party, `to` the named recipient, `on` the case,
`at` the time, and every context attribute by its own name. People and offers are invented.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any, Final, TypeVar

from hub.domain.decision import Received
from schemas.codec import Record, encode
from schemas.data import Data
from schemas.envelope import Context, Event
from schemas.events.address_change_corrected import AddressChangeCorrected
from schemas.events.address_change_reported import AddressChangeReported
from schemas.events.address_change_withdrawn import AddressChangeWithdrawn
from schemas.events.delivery_uncollected import DeliveryUncollected
from schemas.events.disclosure_block_lifted import DisclosureBlockLifted
from schemas.events.disclosure_block_set import DisclosureBlockSet
from schemas.events.handover_continued import HandoverContinued
from schemas.events.probe_sent import ProbeSent
from schemas.events.referral_opened import ReferralOpened
from schemas.events.referral_requested import ReferralRequested, ReferralRequestedV0
from schemas.events.referral_status_changed import ReferralStatusChanged
from schemas.events.support_offer_capacity_changed import SupportOfferCapacityChanged
from schemas.events.support_offer_capacity_lowered import SupportOfferCapacityLowered
from schemas.events.support_offer_published import SupportOfferPublished
from schemas.events.support_offer_withdrawn import SupportOfferWithdrawn
from schemas.topics import TOPIC_OF, Topic

Said = dict[str, Any]
D = TypeVar("D", bound=Data)

NOW: Final = datetime(2026, 3, 2, 9, 15, tzinfo=UTC)
"""When everything is said and comes in, unless said otherwise."""
KFB: Final = "kfb"
EPPERTSHAUSEN: Final = "06432005"
DIEBURG: Final = "06432004"
WEITERSTADT: Final = "06432023"
DARMSTADT_AGS: Final = "06411000"
"""Outside the district."""

OLD_ADDRESS: Final = {
    "street": "Musterweg",
    "house_number": "12a",
    "postal_code": "64859",
    "city": "Eppertshausen",
}
NEW_ADDRESS: Final = {
    "street": "Probegasse",
    "house_number": "7",
    "postal_code": "64807",
    "city": "Dieburg",
}
_PERSON: Final = {
    "client_id": "epp-4711",
    "family_name": "Beispiel",
    "given_names": "Mia",
    "birth_date": "1991-05-04",
}
_REFERRAL: Final = {
    "client": _PERSON | {"ags": EPPERTSHAUSEN, "address": OLD_ADDRESS},
    "service": "benefit_advice",
    "wished_place": "town_hall",
    "first_received_at": "2026-03-01T10:00:00+01:00",
    "first_received_by": EPPERTSHAUSEN,
}
_OLD_REFERRAL: Final = {
    "client": _REFERRAL["client"],
    "service": "benefit_advice",
    "on_site": True,
    "received_at": "2026-03-01T10:00:00+01:00",
    "received_by": EPPERTSHAUSEN,
}
_MOVE: Final = {
    "person": _PERSON,
    "old_ags": EPPERTSHAUSEN,
    "old_address": OLD_ADDRESS,
    "new_ags": DIEBURG,
    "new_address": NEW_ADDRESS,
    "valid_from": "2026-03-01",
    "reported_by": "register",
    "case_open_at": KFB,
}
_OFFER: Final = {
    "name": "Sprachcafé",
    "organisation": "Förderverein Eppertshausen e. V.",
    "category": "language",
    "description": "Offener Treff.",
    "service_area": [EPPERTSHAUSEN, DIEBURG],
    "assured_date": "2026-02-01",
}
_CAPACITY: Final = {"status": "capacity", "available": 3, "updated": "2026-03-02T09:00:00Z"}

REGISTER: Final = {"purpose": "residence", "legalbasis": "bmg-34"}
OWN_TASK: Final = {"purpose": "integration", "legalbasis": "sgb10-69"}
CONSENT: Final = {"purpose": "integration", "legalbasis": "sgb10-67b"}
BLOCKING: Final = {"purpose": "protection", "legalbasis": "bmg-33-4"}
JURISDICTION: Final = {"purpose": "jurisdiction", "legalbasis": "sgb10-2-3"}
DIRECTORY: Final = {"purpose": "directory", "legalbasis": "sgb1-17"}
PROOF: Final = {"purpose": "accountability", "legalbasis": "gdpr-5-2"}

_WORDS: Final = {"to": "recipient", "on": "subject", "at": "time"}
_numbers = count(1)


def a_referral(**changes: object) -> Event[ReferralRequested]:
    """Eppertshausen asks the Kreisagentur to advise somebody."""
    return _event(ReferralRequested, _REFERRAL, OWN_TASK, changes)


def an_old_fashioned_referral(**changes: object) -> Event[ReferralRequestedV0]:
    """The same as the pilot's own system still says it."""
    return _event(ReferralRequestedV0, _OLD_REFERRAL, OWN_TASK, changes)


def an_opening(**changes: object) -> Event[ReferralOpened]:
    """Somebody at the Kreisagentur has opened the referral."""
    return _event(ReferralOpened, {}, OWN_TASK, {"by": KFB} | changes)


def a_step(status: str, **changes: object) -> Event[ReferralStatusChanged]:
    """A referral has this status from now on."""
    said = {"by": KFB, "status": status} | changes
    return _event(ReferralStatusChanged, {}, OWN_TASK, said)


def a_move(**changes: object) -> Event[AddressChangeReported]:
    """Eppertshausen reports a move to Dieburg; a case is open at the Kreisagentur."""
    return _event(AddressChangeReported, _MOVE, REGISTER, changes)


def a_correction(**changes: object) -> Event[AddressChangeCorrected]:
    """The same move, said again and right."""
    return _event(AddressChangeCorrected, _MOVE | {"corrects": "e-0"}, REGISTER, changes)


def a_withdrawal(**changes: object) -> Event[AddressChangeWithdrawn]:
    """The move did not happen."""
    said = {"withdraws": "e-0", "reason": "did_not_happen"}
    return _event(AddressChangeWithdrawn, said, REGISTER, changes)


def a_block(**changes: object) -> Event[DisclosureBlockSet]:
    """Eppertshausen sets an Auskunftssperre."""
    said = {"client_id": "epp-4711", "valid_from": "2026-03-02"}
    return _event(DisclosureBlockSet, said, BLOCKING, changes)


def a_lifted_block(**changes: object) -> Event[DisclosureBlockLifted]:
    """Eppertshausen lifts it."""
    said = {"client_id": "epp-4711", "lifted_on": "2026-03-02"}
    return _event(DisclosureBlockLifted, said, BLOCKING, changes)


def a_continuation(**changes: object) -> Event[HandoverContinued]:
    """A carrier pays from now on."""
    said = {"continued_since": "2026-04-01"}
    return _event(HandoverContinued, said, JURISDICTION, {"by": KFB} | changes)


def an_offer(**changes: object) -> Event[SupportOfferPublished]:
    """Eppertshausen publishes an offer for itself and for Dieburg."""
    return _event(SupportOfferPublished, _OFFER, DIRECTORY, {"on": "offer-1"} | changes)


def a_capacity(**changes: object) -> Event[SupportOfferCapacityChanged]:
    """The offer has so many places."""
    said = {"on": "offer-1"} | changes
    return _event(SupportOfferCapacityChanged, {"capacity": _CAPACITY}, DIRECTORY, said)


def a_withdrawn_offer(**changes: object) -> Event[SupportOfferWithdrawn]:
    """The offer is no longer there."""
    said = {"on": "offer-1"} | changes
    return _event(SupportOfferWithdrawn, {"reason": "no_longer_offered"}, DIRECTORY, said)


def a_lowered_capacity(**changes: object) -> Event[SupportOfferCapacityLowered]:
    """The hub says that a referral to the offer was turned away."""
    said = {"publisher": EPPERTSHAUSEN, "since": "2026-03-02T10:15:00Z"}
    return _event(SupportOfferCapacityLowered, said, DIRECTORY, {"on": "offer-1"} | changes)


def a_report(copy: Event[Data] | None = None, **changes: object) -> Event[DeliveryUncollected]:
    """The hub's mailbox says that nobody has collected this copy; by default it is of nothing."""
    said = {
        "delivered_to": KFB,
        "delivery_id": "no-copy",
        "delivered_by": "//kurze-wege/hub/route-referral",
        "sent_by": "//kurze-wege/06432005/fachverfahren",
        "event_id": "e-0",
        "lies_since": NOW,
        "due_at": NOW + timedelta(days=3),
    }
    if copy is not None:
        context = copy.context
        changes = {"on": context.subject} | changes
        said |= {
            "delivered_to": context.recipient,
            "delivery_id": context.id,
            "delivered_by": context.source,
            "sent_by": context.sender,
            "event_id": context.causationid,
        }
    mailbox = {"source": "//kurze-wege/hub/mailbox"}
    return _event(DeliveryUncollected, said, PROOF | mailbox, changes)


def a_probe(**changes: object) -> Event[ProbeSent]:
    """The hub's monitor looks whether the jobcenter's inbox is reached."""
    way = {"source": "//kurze-wege/hub/probe", "recipient": KFB, "subject": "probe-1"}
    return _event(ProbeSent, {"door": "http_api"}, PROOF | way, changes)


def received(
    event: Event[Data] | Record,
    offset: int = 0,
    *,
    partition: int = 2,
    at: datetime = NOW,
    topic: Topic | None = None,
) -> Received:
    """The event, or a raw record, as it lies on its topic."""
    if topic is None and isinstance(event, Event):
        topic = TOPIC_OF[event.data.TYPE]
    if topic is None:
        raise TypeError("a raw record lies on a topic that must be named")
    record = event if isinstance(event, Record) else encode(event)
    return Received(topic.name, partition, offset, round(at.timestamp() * 1000), record)


def _event(
    model: type[D], said: Mapping[str, Any], why: Mapping[str, str], changes: Said
) -> Event[D]:
    changed = {_WORDS.get(word, word): value for word, value in changes.items()}
    party = changed.pop("by", EPPERTSHAUSEN)
    attributes = {name: changed.pop(name) for name in [*changed] if name in Context.model_fields}
    context = {
        "type": model.wire_type(),
        "source": f"//kurze-wege/{party}/fachverfahren",
        "id": f"e-{next(_numbers)}",
        "subject": "case-1",
        "time": NOW,
        "dataschema": model.schema_uri(),
        "dataclassification": model.CLASSIFICATION,
        **why,
        **attributes,
    }
    return Event(Context.model_validate(context), model.model_validate(_merged(said, changed)))


def _merged(said: Mapping[str, Any], changes: Mapping[str, Any]) -> Said:
    """What is said with the changes, also inside of objects."""
    merged = dict(said)
    for name, value in changes.items():
        before = merged.get(name)
        if isinstance(before, Mapping) and isinstance(value, Mapping):
            merged[name] = _merged(before, value)
        else:
            merged[name] = value
    return merged
