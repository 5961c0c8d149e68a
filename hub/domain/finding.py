"""How each routing rule finds its recipients; the table of rules is in `hub.domain.routing`."""

from collections.abc import Iterable
from typing import Final

from hub.domain.case import Case
from hub.domain.parties import Parties
from hub.domain.refusal import refusal
from schemas.data import Data
from schemas.envelope import Event
from schemas.events.address_change_reported import AddressChangeReported
from schemas.events.referral_requested import ReferralRequested
from schemas.events.referral_status_changed import ReferralStatusChanged
from schemas.events.support_offer_published import SupportOfferPublished
from schemas.problems import ProblemCode
from schemas.vocabulary import Service

Found = Iterable[str]
"""Ids of parties."""
NOBODY: Final = ()
DETAIL_CHARACTERS: Final = 300
"""What a problem's detail may have; names of municipalities are as long as they are declared."""


def named(event: Event[Data], _case: Case, parties: Parties) -> Found:
    """The party the sender named."""
    name = event.context.recipient
    if name is None:
        return NOBODY
    if parties.get(name) is None:
        raise refusal(ProblemCode.RECIPIENT_UNKNOWN, field="recipient")
    return (name,)


def by_service(event: Event[Data], _case: Case, parties: Parties) -> Found:
    """Who offers the service where the client lives; the Gemeinde before the Kreis."""
    data = event.data
    if not isinstance(data, ReferralRequested):
        return NOBODY
    known_area(data.client.ags, "client.ags", parties)
    if event.context.recipient is not None:
        return NOBODY
    if data.service is Service.LOCAL_OFFER:
        raise refusal(ProblemCode.RECIPIENT_REQUIRED, field="recipient")
    party = parties.offering(data.service, data.client.ags)
    return NOBODY if party is None else (party.id,)


def the_other_side(event: Event[Data], case: Case, _parties: Parties) -> Found:
    """Sender and owner of the referral, without the one who speaks."""
    require_known(case)
    speaker = event.context.party
    if speaker not in case.participants():
        raise refusal(ProblemCode.NOT_A_PARTICIPANT, field="subject")
    return (party for party in case.participants() if party != speaker)


def the_new_owner(event: Event[Data], _case: Case, parties: Parties) -> Found:
    """The party a referral is forwarded to."""
    data = event.data
    if not isinstance(data, ReferralStatusChanged) or data.new_owner is None:
        return NOBODY
    if parties.get(data.new_owner) is None:
        raise refusal(ProblemCode.RECIPIENT_UNKNOWN, field="new_owner")
    return (data.new_owner,)


def the_open_case(event: Event[Data], _case: Case, parties: Parties) -> Found:
    """The carrier of benefits at which a case is open."""
    data = event.data
    if not isinstance(data, AddressChangeReported) or data.case_open_at is None:
        return NOBODY
    if all(carrier.id != data.case_open_at for carrier in parties.carriers):
        raise refusal(ProblemCode.RECIPIENT_UNKNOWN, field="case_open_at")
    return (data.case_open_at,)


def the_place_moved_to(event: Event[Data], _case: Case, parties: Parties) -> Found:
    """The municipality of the new address, if it is one of the district's."""
    data = event.data
    if not isinstance(data, AddressChangeReported):
        return NOBODY
    known_if_inside(data.old_ags, "old_ags", parties)
    known_if_inside(data.new_ags, "new_ags", parties)
    municipality = parties.municipality(data.new_ags)
    return (municipality.id,) if municipality else NOBODY


def the_holders(_event: Event[Data], case: Case, _parties: Parties) -> Found:
    """Everyone who sent or was sent something on this subject before."""
    require_known(case)
    return case.holders


def holders_if_any(_event: Event[Data], case: Case, _parties: Parties) -> Found:
    """The same, where it is no mistake that there are none."""
    return case.holders


def the_carriers_told(_event: Event[Data], case: Case, parties: Parties) -> Found:
    """The carriers of benefits that have part in the case."""
    require_known(case)
    carriers = {carrier.id for carrier in parties.carriers}
    return (party for party in case.holders if party in carriers)


def the_jobcenter(_event: Event[Data], _case: Case, parties: Parties) -> Found:
    """The jobcenter of the district."""
    return (party.id for party in parties.jobcenters)


def the_served(event: Event[Data], _case: Case, parties: Parties) -> Found:
    """Each municipality in an offer's service area."""
    data = event.data
    if not isinstance(data, SupportOfferPublished):
        return NOBODY
    for area in data.service_area:
        if area != parties.district:
            known_if_inside(area, "service_area", parties)
    return (party.id for party in parties.municipalities(data.service_area))


def require_known(case: Case) -> None:
    """Raise Refusal if nothing was ever sent on the case."""
    if not case.is_known:
        raise refusal(ProblemCode.CASE_UNKNOWN, field="subject")


def known_area(ags: str, field: str, parties: Parties) -> None:
    """Raise Refusal with the nearest names if the district has no such municipality."""
    if parties.municipality(ags) is None:
        detail = f"The district has no municipality with this key; nearest: {parties.nearest(ags)}."
        raise refusal(ProblemCode.AREA_UNKNOWN, detail[:DETAIL_CHARACTERS], field)


def known_if_inside(ags: str, field: str, parties: Parties) -> None:
    """The same for a key that may lie outside the district."""
    if parties.is_inside(ags):
        known_area(ags, field, parties)
