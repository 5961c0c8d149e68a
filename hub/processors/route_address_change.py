"""Sends a move to those who must know it, and opens a hand-over when it leaves the district."""

from dataclasses import replace
from typing import Final

from hub.domain import disclosure, emission
from hub.domain.case import Case
from hub.domain.decision import Outgoing, no_timers
from hub.domain.emission import Cause
from hub.domain.intake import Intake
from hub.domain.parties import Parties
from hub.domain.routing import HANDOVER
from schemas import topics
from schemas.data import Data
from schemas.envelope import Event
from schemas.events.address_change_reported import AddressChangeReported
from schemas.events.disclosure_block_lifted import DisclosureBlockLifted
from schemas.events.disclosure_block_set import DisclosureBlockSet
from schemas.events.handover_opened import HandoverOpened
from schemas.vocabulary import LegalBasis, Purpose

NAME: Final = "route_address_change"
SOURCE: Final = topics.ADDRESS_CHANGES
EMITS: Final = (
    *topics.ADDRESS_CHANGES.carries,
    "handover.opened",
    "receipt.delivered",
    "receipt.refused",
)
GROUND: Final = (Purpose.JURISDICTION, LegalBasis.SGB10_2_3)
"""Why a carrier may be told of a hand-over."""


def advance(case: Case, event: Event[Data], _recipients: tuple[str, ...]) -> Case:
    """Whether the person of the case is protected from now on, until that is lifted (BMG §51)."""
    if isinstance(event.data, DisclosureBlockSet) or disclosure.says_blocked(event.data):
        return replace(case, blocked=True)
    if isinstance(event.data, DisclosureBlockLifted):
        return replace(case, blocked=False)
    return case


def notices(cause: Cause, event: Event[Data], parties: Parties) -> list[Outgoing]:
    """A hand-over for the carrier where a case is open, if the client left the district.

    A move inside the district never changes the carrier (SGB II §36).
    """
    data = event.data
    if not isinstance(data, AddressChangeReported) or data.case_open_at is None:
        return []
    if parties.is_inside(data.new_ags) or not parties.is_inside(data.old_ags):
        return []
    opened = HandoverOpened(
        old_carrier=data.case_open_at,
        old_ags=data.old_ags,
        new_ags=data.new_ags,
        valid_from=data.valid_from,
    )
    return [emission.notice(cause, event, opened, data.case_open_at, HANDOVER.id, GROUND)]


handle: Final = Intake(NAME, SOURCE, advance, notices).handle
on_time: Final = no_timers
