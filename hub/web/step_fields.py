"""What each step's form asks for, and what is made of the answers."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from hub.domain.transitions import Step
from hub.domain.working_year import ZONE
from hub.pages.forms import Form
from hub.pages.marking import N_
from schemas.events.referral_status_changed import Appointment, ReferralStatusChanged
from schemas.vocabulary import MeetingPlace, Outcome, StatusReason

CHOOSE_REASON: Final = N_("Choose the reason: the other party hears it.")
CHOOSE_OUTCOME: Final = N_("Choose how it ended.")
CHOOSE_PARTY: Final = N_("Choose to whom it goes.")
CHOOSE_PLACE: Final = N_("Choose where you meet.")
GIVE_THE_DAY: Final = N_("Give the day of the appointment.")
GIVE_THE_TIME: Final = N_("Give the time of the appointment.")
IN_THE_PAST: Final = N_("The appointment must lie in the future.")
TOO_FAR: Final = N_("The appointment must lie within one year.")
FARTHEST: Final = timedelta(days=366)


class Asked(NamedTuple):
    """What one step's form asks for."""

    reasons: Sequence[StatusReason] = ()
    """One of these, and it must be given."""
    outcome: bool = False
    party: bool = False
    appointment: bool = False
    may_have_appointment: bool = False
    """It can be left out."""


_R: Final = StatusReason
ASKED: Final = {
    Step.ACCEPTED: Asked(may_have_appointment=True),
    Step.REJECTED: Asked(
        reasons=(
            *(_R.AT_CAPACITY, _R.NOT_RESPONSIBLE, _R.NOT_ELIGIBLE, _R.CLIENT_DECLINED),
            *(_R.CLIENT_NOT_REACHED, _R.CLIENT_MOVED_AWAY, _R.DOCUMENTS_MISSING, _R.DUPLICATE),
        )
    ),
    Step.FORWARDED: Asked(party=True),
    Step.APPOINTMENT_MADE: Asked(appointment=True),
    Step.APPOINTMENT_MOVED: Asked(appointment=True),
    Step.APPOINTMENT_CANCELLED: Asked(),
    Step.NO_SHOW: Asked(),
    Step.IN_PROGRESS: Asked(),
    Step.ON_HOLD: Asked(
        reasons=(_R.DOCUMENTS_MISSING, _R.CLIENT_NOT_REACHED, _R.AT_CAPACITY, _R.CLIENT_DECLINED)
    ),
    Step.COMPLETED: Asked(outcome=True),
    Step.FAILED: Asked(
        reasons=(
            *(_R.CLIENT_NOT_REACHED, _R.CLIENT_DID_NOT_ATTEND, _R.CLIENT_DECLINED),
            *(_R.CLIENT_MOVED_AWAY, _R.NOT_ELIGIBLE, _R.DOCUMENTS_MISSING),
        )
    ),
    Step.CANCELLED: Asked(
        reasons=(
            *(_R.NO_LONGER_NEEDED, _R.CLIENT_DECLINED, _R.CLIENT_MOVED_AWAY),
            *(_R.DUPLICATE, _R.RAISED_IN_ERROR),
        )
    ),
    Step.CANCELLATION_REQUESTED: Asked(
        reasons=(
            *(_R.NO_LONGER_NEEDED, _R.CLIENT_DECLINED, _R.CLIENT_MOVED_AWAY),
            *(_R.DUPLICATE, _R.RAISED_IN_ERROR),
        )
    ),
    Step.CANCELLATION_DECLINED: Asked(),
    Step.ENTERED_IN_ERROR: Asked(),
}
"""Every step that people take; that time is over only the hub says."""
PRIMARY: Final = (
    Step.ACCEPTED,
    Step.REJECTED,
    Step.APPOINTMENT_MADE,
    Step.APPOINTMENT_MOVED,
    Step.COMPLETED,
    Step.CANCELLATION_DECLINED,
)
"""The steps that lead on, in the order in which they stand first."""


def read(
    step: Step, form: Form, parties: Sequence[str], now: datetime
) -> ReferralStatusChanged | None:
    """What is said by this form; None where something is wrong, which the form then says."""
    asked = ASKED[step]
    reason = form.choice("reason", asked.reasons, CHOOSE_REASON) if asked.reasons else None
    outcome = form.choice("outcome", list(Outcome), CHOOSE_OUTCOME) if asked.outcome else None
    party = form.pick("party", parties, CHOOSE_PARTY) if asked.party else None
    appointment = _appointment(asked, form, now)
    if form.problems:
        return None
    return ReferralStatusChanged(
        status=step, reason=reason, outcome=outcome, new_owner=party, appointment=appointment
    )


def _appointment(asked: Asked, form: Form, now: datetime) -> Appointment | None:
    wanted = any(form[name] for name in ("day", "time", "place"))
    if not (asked.appointment or (asked.may_have_appointment and wanted)):
        return None
    place = form.choice("place", list(MeetingPlace), CHOOSE_PLACE)
    day, time = form.day("day", GIVE_THE_DAY), form.clock("time", GIVE_THE_TIME)
    if place is None or day is None or time is None:
        return None
    at = datetime.combine(day, time, ZONE)
    if at <= now:
        form.wrong("day", IN_THE_PAST)
    elif at - now > FARTHEST:
        form.wrong("day", TOO_FAR)
    return Appointment(place=place, at=at)
