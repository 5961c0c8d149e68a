"""The table of contents of the middle: each processor is a module, one per topic."""

from typing import Final

from hub.domain.decision import Processor
from hub.processors import (
    report_uncollected,
    route_address_change,
    route_probe,
    route_referral,
    route_support_offer,
    suggest_offer,
)

ALL: Final[tuple[Processor, ...]] = (
    route_address_change,
    route_referral,
    route_support_offer,
    report_uncollected,
    suggest_offer,
    route_probe,
)
"""In the order in which a lane moves what waits: a disclosure block overtakes the rest."""
