"""Courses of one referral: asked by Eppertshausen, owned by the Kreisagentur, and so on from there.

What Gravity allows is written down here a second time: what is expected must not be read from
the hub's own table.
"""

from datetime import datetime, timedelta
from typing import Final

from hub.domain.life_cycle import open_, step
from hub.domain.referral import HUB, Referral
from schemas.events.referral_status_changed import ReferralStatusChanged
from schemas.vocabulary import ReferralStatus
from tests.support.builders import DIEBURG, EPPERTSHAUSEN, KFB, NOW, WEITERSTADT, a_referral, a_step

SENDER: Final = EPPERTSHAUSEN
OWNER: Final = KFB
NEXT: Final = DIEBURG
"""To whom it is forwarded."""
OUTSIDER: Final = WEITERSTADT
SPEAKERS: Final = (SENDER, OWNER, HUB, OUTSIDER)
APPOINTMENT: Final = {"place": "town_hall", "at": "2026-03-09T14:00:00+01:00"}
NEEDS: Final[dict[str, dict[str, object]]] = {
    "rejected": {"reason": "at_capacity"},
    "on-hold": {"reason": "client_not_reached"},
    "cancelled": {"reason": "client_declined"},
    "failed": {"reason": "client_did_not_attend"},
    "cancellation-requested": {"reason": "no_longer_needed"},
    "completed": {"outcome": "service_received"},
    "forwarded": {"new_owner": NEXT},
    "appointment-made": {"appointment": APPOINTMENT},
    "appointment-moved": {"appointment": APPOINTMENT},
}
"""What the contract asks for beside the status."""
Said = tuple[str, str]
"""Who says which step."""

GRAVITY: Final = {
    "requested": "accepted rejected cancelled",
    "accepted": "in-progress on-hold cancelled completed failed",
    "in-progress": "on-hold cancelled completed failed",
    "on-hold": "in-progress cancelled completed failed",
}
"""Each edge of HL7's ReferralTaskStateDiagram; from every status leads one to entered-in-error."""
COURSES: Final[dict[str, tuple[Said, ...]]] = {
    "requested": (),
    "accepted": ((OWNER, "accepted"),),
    "in-progress": ((OWNER, "accepted"), (OWNER, "in-progress")),
    "on-hold": ((OWNER, "accepted"), (OWNER, "on-hold")),
    "rejected": ((OWNER, "rejected"),),
    "cancelled": ((SENDER, "cancelled"),),
    "completed": ((OWNER, "accepted"), (OWNER, "completed")),
    "failed": ((OWNER, "accepted"), (OWNER, "failed")),
    "expired": ((HUB, "expired"),),
    "entered-in-error": ((SENDER, "entered-in-error"),),
}
"""A way to each status."""
UNDER_WAY: Final = ("accepted", "in-progress", "on-hold")
OPEN: Final = ("requested", *UNDER_WAY)
FINAL: Final = tuple(status for status in COURSES if status not in OPEN)
STEPS: Final = tuple(each.value for each in ReferralStatus)


def asked(**changes: object) -> Referral:
    """A referral as Eppertshausen asks it of the Kreisagentur."""
    return open_(a_referral(**changes).data, SENDER, OWNER, NOW)


def saying(status: str, **changes: object) -> ReferralStatusChanged:
    """What is said, with all that the contract asks for."""
    return a_step(status, **(NEEDS.get(status, {}) | changes)).data


def after(referral: Referral, *course: Said) -> Referral:
    """The referral after these steps, an hour apart."""
    for number, (party, status) in enumerate(course, referral.steps + 1):
        referral = step(referral, saying(status), party, later(number))
    return referral


def standing_at(status: str) -> Referral:
    """A referral with this status."""
    return after(asked(), *COURSES[status])


def later(hours: int) -> datetime:
    """So many hours after it was asked."""
    return NOW + timedelta(hours=hours)
