"""Sends a referral to who can help, and each step of it to the other side."""

from dataclasses import replace
from typing import Final

from hub.domain.case import Case
from hub.domain.decision import no_timers
from hub.domain.intake import Intake
from schemas import topics
from schemas.data import Data
from schemas.envelope import Event
from schemas.events.referral_requested import ReferralRequested
from schemas.events.referral_status_changed import ReferralStatusChanged

NAME: Final = "route_referral"
SOURCE: Final = topics.REFERRALS
EMITS: Final = (*topics.REFERRALS.carries, "receipt.delivered", "receipt.refused")


def advance(case: Case, event: Event[Data], recipients: tuple[str, ...]) -> Case:
    """Who owns the referral from now on."""
    if isinstance(event.data, ReferralRequested):
        return replace(case, sender=event.context.party, owner=recipients[0])
    if isinstance(event.data, ReferralStatusChanged) and event.data.new_owner is not None:
        return replace(case, owner=event.data.new_owner)
    return case


handle: Final = Intake(NAME, SOURCE, advance).handle
on_time: Final = no_timers
