"""Sends a support offer to the jobcenter and to every municipality it serves."""

from typing import Final

from hub.domain.decision import no_timers
from hub.domain.intake import Intake, keep
from schemas import topics

NAME: Final = "route_support_offer"
SOURCE: Final = topics.SUPPORT_OFFERS
EMITS: Final = (*topics.SUPPORT_OFFERS.carries, "receipt.delivered", "receipt.refused")

handle: Final = Intake(NAME, SOURCE, keep).handle
on_time: Final = no_timers
