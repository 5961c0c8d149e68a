"""A hand-over under SGB X §2(3): when a move opens one, for which carrier, and when it is over."""

from hub.domain.case import Case
from hub.domain.finding import NOBODY, Found
from hub.domain.parties import Kind, Parties, Party
from schemas.data import Data
from schemas.envelope import Event
from schemas.events.address_change_reported import AddressChangeReported
from schemas.events.address_change_withdrawn import AddressChangeWithdrawn
from schemas.events.handover_continued import HandoverContinued
from schemas.events.handover_opened import HandoverOpened


def the_carrier_left(event: Event[Data], _case: Case, parties: Parties) -> Found:
    """The carrier of the open case, if the client moved across the border and away from it.

    Inside the district the carrier never changes (SGB II §36). Who moves in leaves the carrier
    there, if one is named: it is not asked on suspicion, since that would tell it of a person it
    may not know (SGB X §67a(2)).
    """
    data = event.data
    if not isinstance(data, AddressChangeReported) or data.case_open_at is None:
        return NOBODY
    if parties.is_inside(data.old_ags) is parties.is_inside(data.new_ags):
        return NOBODY
    carrier = parties.get(data.case_open_at)
    if carrier is None or is_responsible(carrier, data.new_ags, parties):
        return NOBODY
    return (carrier.id,) if carrier.may_receive(HandoverOpened.TYPE) else NOBODY


def is_over(data: Data, carrier: str, parties: Parties) -> bool:
    """Whether this ends a hand-over from a carrier: continued, or the client is not away (more)."""
    if isinstance(data, AddressChangeReported):
        left = parties.get(carrier)
        return left is not None and is_responsible(left, data.new_ags, parties)
    return isinstance(data, HandoverContinued | AddressChangeWithdrawn)


def is_responsible(carrier: Party, ags: str, parties: Parties) -> bool:
    """Whether this carrier pays whoever lives there (SGB II §36)."""
    if carrier.area is None:
        return carrier.kind is Kind.JOBCENTER and parties.is_inside(ags)
    return ags.startswith(carrier.area)
