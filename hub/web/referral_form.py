"""A referral written by hand: what the form asks, and the event that is made of it."""

from datetime import datetime
from typing import Final, NamedTuple

from hub.casework.desk import Terms
from hub.domain.parties import Party
from hub.pages.forms import Form
from hub.pages.marking import N_
from hub.web import client_form
from hub.web.client_form import NEEDED, Room
from hub.web.shapes import past_day, shaped
from schemas.events.referral_requested import (
    REFERRAL_PURPOSES,
    Consent,
    ReferralRequested,
)
from schemas.vocabulary import (
    MUNICIPAL_SERVICES,
    LegalBasis,
    MeetingPlace,
    Purpose,
    Service,
    Urgency,
)

NOTE: Final = 500
NO_NOTE: Final = N_("No remark may travel with a service of SGB II §16a (§203 StGB).")
NAME_THE_PARTY: Final = N_("Name the party that offers it.")
NAME_THE_OFFER: Final = N_("Give the offer's number.")
ONLY_LOCAL: Final = N_("An offer's number belongs to a local offer only.")
_USUAL: Final = {
    Service.BENEFIT_ADVICE: (Purpose.BENEFITS, LegalBasis.SGB1_16_2),
    Service.HOUSING_COSTS: (Purpose.BENEFITS, LegalBasis.SGB1_16_2),
    Service.JOB_PLACEMENT: (Purpose.INTEGRATION, LegalBasis.SGB10_69),
    Service.CASE_MANAGEMENT_ON_SITE: (Purpose.INTEGRATION, LegalBasis.SGB10_69),
    Service.LOCAL_OFFER: (Purpose.INTEGRATION, LegalBasis.SGB10_67B),
}


class Written(NamedTuple):
    """A referral ready to be sent."""

    said: ReferralRequested
    terms: Terms


def usual_terms(service: Service, party: Party) -> tuple[Purpose, LegalBasis]:
    """Purpose and power that a referral to this service usually has, as far as declared."""
    municipal = (Purpose.MUNICIPAL_SERVICES, LegalBasis.SGB2_16A)
    purpose, basis = municipal if service in MUNICIPAL_SERVICES else _USUAL[service]
    declared = party.sends.get("referral", ())
    return purpose, basis if basis in declared or not declared else declared[0]


def read(form: Form, room: Room, now: datetime) -> Written | None:
    """The referral in this form; None where something is wrong, which the form then says."""
    service = form.choice("service", list(Service), NEEDED)
    client = client_form.client(form, room, now)
    urgency = form.choice("urgency", list(Urgency)) or Urgency.ROUTINE
    place = form.choice("place", list(MeetingPlace), NEEDED)
    received = past_day(form, "received_on", now)
    recipient = form.pick("recipient", room.receivers)
    offer_id = shaped(form, "offer_id")
    note = form.text("note", NOTE)
    terms = _terms(form, service, room.party, recipient)
    consent = _consent(form, terms, now)
    _check_service(form, service, recipient, offer_id, note)
    if form.problems or not (service and client and place and received and terms):
        return None
    said = ReferralRequested(
        client=client,
        service=service,
        offer_id=offer_id,
        urgency=urgency,
        wished_place=place,
        first_received_at=received,
        first_received_by=room.party.id,
        consent=consent,
        note=note,
    )
    return Written(said, terms)


def _terms(
    form: Form, service: Service | None, party: Party, recipient: str | None
) -> Terms | None:
    purpose = form.choice("purpose", REFERRAL_PURPOSES)
    basis = form.choice("legal_basis", party.sends.get("referral", ()))
    if service is None:
        return None
    usual = usual_terms(service, party)
    return Terms(purpose or usual[0], basis or usual[1], recipient)


def _consent(form: Form, terms: Terms | None, now: datetime) -> Consent | None:
    """The consent, which is needed where it is the legal basis."""
    if terms is None or terms.legal_basis is not LegalBasis.SGB10_67B:
        return None
    consent_id = shaped(form, "consent_id", NEEDED)
    given = past_day(form, "consent_on", now)
    if consent_id is None or given is None:
        return None
    return Consent(consent_id=consent_id, given_at=given)


def _check_service(
    form: Form,
    service: Service | None,
    recipient: str | None,
    offer_id: str | None,
    note: str | None,
) -> None:
    if service in MUNICIPAL_SERVICES and note:
        form.wrong("note", NO_NOTE)
    if service is Service.LOCAL_OFFER:
        if offer_id is None:
            form.wrong("offer_id", NAME_THE_OFFER)
        if recipient is None:
            form.wrong("recipient", NAME_THE_PARTY)
    elif offer_id is not None:
        form.wrong("offer_id", ONLY_LOCAL)
