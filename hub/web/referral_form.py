"""A referral written by hand: what the form asks, and the event that is made of it."""

import re
from collections.abc import Sequence
from datetime import datetime, time
from typing import Final, NamedTuple

from hub.casework.desk import Terms
from hub.domain.parties import Party
from hub.domain.working_year import ZONE
from hub.web.forms import GIVE_DAY, Form
from hub.web.words.marking import N_
from schemas.events.referral_requested import (
    REFERRAL_PURPOSES,
    Consent,
    ReferralRequested,
)
from schemas.person import Address, Client
from schemas.vocabulary import (
    MUNICIPAL_SERVICES,
    LegalBasis,
    MeetingPlace,
    Purpose,
    Service,
    Urgency,
)

LINE: Final = 120
NOTE: Final = 500
NEEDED: Final = N_("This entry is needed.")
NO_NOTE: Final = N_("No remark may travel with a service of SGB II §16a (§203 StGB).")
IN_FUTURE: Final = N_("This day lies in the future.")
NAME_THE_PARTY: Final = N_("Name the party that offers it.")
NAME_THE_OFFER: Final = N_("Give the offer's number.")
ONLY_LOCAL: Final = N_("An offer's number belongs to a local offer only.")
ADDRESS_WHOLE: Final = N_("Give the address whole, or leave it out.")
NOT_DECLARED: Final = N_("Your party has not declared this legal basis; choose another.")
_PATTERNS: Final = {
    "phone": (re.compile(r"\+?[0-9 /()-]{5,24}"), N_("Give a phone number, such as 06071 12345.")),
    "email": (re.compile(r"[^@\s]{1,64}@[^@\s]{1,190}"), N_("Give an address with an @.")),
    "house_number": (
        re.compile(r"[0-9]{1,4} ?[a-zA-Z]?(-[0-9]{1,4}[a-zA-Z]?)?"),
        N_("Give a house number, such as 12 or 12a."),
    ),
    "postal_code": (re.compile(r"[0-9]{5}"), N_("Give the five digits.")),
    "client_id": (
        re.compile(r"[A-Za-z0-9-]{4,40}"),
        N_("Use 4 to 40 letters, digits and hyphens; no name."),
    ),
    "offer_id": (
        re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{2,63}"),
        N_("Use 3 to 64 letters, digits, dots and hyphens."),
    ),
    "consent_id": (
        re.compile(r"[A-Za-z0-9._-]{3,64}"),
        N_("Use 3 to 64 letters, digits, dots and hyphens."),
    ),
}
_USUAL: Final = {
    Service.BENEFIT_ADVICE: (Purpose.BENEFITS, LegalBasis.SGB1_16_2),
    Service.HOUSING_COSTS: (Purpose.BENEFITS, LegalBasis.SGB1_16_2),
    Service.JOB_PLACEMENT: (Purpose.INTEGRATION, LegalBasis.SGB10_69),
    Service.CASE_MANAGEMENT_ON_SITE: (Purpose.INTEGRATION, LegalBasis.SGB10_69),
    Service.LOCAL_OFFER: (Purpose.INTEGRATION, LegalBasis.SGB10_67B),
}
SPEECHES: Final = ("de", "en", "tr", "ar", "uk", "ru", "pl", "ro", "fa", "ti", "so", "fr", "es")
"""The languages offered; what clients of the district speak most."""


class Written(NamedTuple):
    """A referral ready to be sent."""

    said: ReferralRequested
    terms: Terms


class Room(NamedTuple):
    """What the form may choose from."""

    party: Party
    towns: Sequence[str]
    """The keys of the municipalities a client may live in."""
    receivers: Sequence[str]
    """The parties that may be named."""
    sign: str
    """The client's pseudonym where the sender gives none."""


def usual_terms(service: Service, party: Party) -> tuple[Purpose, LegalBasis]:
    """Purpose and power that a referral to this service usually has, as far as declared."""
    municipal = (Purpose.MUNICIPAL_SERVICES, LegalBasis.SGB2_16A)
    purpose, basis = municipal if service in MUNICIPAL_SERVICES else _USUAL[service]
    declared = party.sends.get("referral", ())
    return purpose, basis if basis in declared or not declared else declared[0]


def read(form: Form, room: Room, now: datetime) -> Written | None:
    """The referral in this form; None where something is wrong, which the form then says."""
    service = form.choice("service", list(Service), NEEDED)
    client = _client(form, room, now)
    urgency = form.choice("urgency", list(Urgency)) or Urgency.ROUTINE
    place = form.choice("place", list(MeetingPlace), NEEDED)
    received = _past_day(form, "received_on", now)
    recipient = form.pick("recipient", room.receivers)
    offer_id = _shaped(form, "offer_id")
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


def _client(form: Form, room: Room, now: datetime) -> Client | None:
    family, given = form.text("family_name", LINE, NEEDED), form.text("given_names", LINE, NEEDED)
    born = form.day("birth_date", NEEDED)
    if born is not None and born > now.astimezone(ZONE).date():
        form.wrong("birth_date", IN_FUTURE)
    ags = form.pick("town", room.towns, NEEDED)
    client_id = _shaped(form, "client_id") or room.sign
    address = _address(form)
    phone, email = _shaped(form, "phone"), _shaped(form, "email")
    speeches = [code for code in SPEECHES if code in form.all("speech")][:5]
    if form.problems or not (family and given and born and ags):
        return None
    return Client(
        client_id=client_id,
        family_name=family,
        given_names=given,
        birth_date=born,
        ags=ags,
        address=address,
        phone=phone,
        email=email,
        languages=tuple(speeches),
        contact_prohibited=form["contact_prohibited"] == "yes",
    )


def _address(form: Form) -> Address | None:
    names = ("street", "house_number", "postal_code", "city")
    if not any(form[name] for name in names):
        return None
    street, city = form.text("street", LINE, ADDRESS_WHOLE), form.text("city", LINE, ADDRESS_WHOLE)
    number = _shaped(form, "house_number", ADDRESS_WHOLE)
    code = _shaped(form, "postal_code", ADDRESS_WHOLE)
    if not (street and number and code and city):
        return None
    return Address(street=street, house_number=number, postal_code=code, city=city)


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
    consent_id = _shaped(form, "consent_id", NEEDED)
    given = _past_day(form, "consent_on", now)
    if consent_id is None or given is None:
        return None
    return Consent(consent_id=consent_id, given_at=given)


def _past_day(form: Form, name: str, now: datetime) -> datetime | None:
    """The beginning of a day that is not in the future."""
    day = form.day(name, GIVE_DAY)
    if day is None:
        return None
    if day > now.astimezone(ZONE).date():
        form.wrong(name, IN_FUTURE)
    return datetime.combine(day, time(), ZONE)


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


def _shaped(form: Form, name: str, needed: str | None = None) -> str | None:
    """A text of a fixed form."""
    typed = form.text(name, 200, needed)
    pattern, remedy = _PATTERNS[name]
    if typed is not None and not pattern.fullmatch(typed):
        form.wrong(name, remedy)
        return None
    return typed
