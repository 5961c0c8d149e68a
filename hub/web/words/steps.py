"""The words of each step: what to press, what happens then, and how history tells it."""

from typing import Final, NamedTuple

from hub.domain.transitions import Step
from hub.pages.marking import N_


class StepWords(NamedTuple):
    """One step in words."""

    action: str
    """What a clerk wants to do: the link, the page's heading and its button."""
    effect: str
    """What happens then, and who hears of it."""
    said: str
    """That it was done, in a history."""


STEPS: Final = {
    Step.ACCEPTED: StepWords(
        N_("Accept"),
        N_("You take the referral on. The other party hears of it at once."),
        N_("Accepted"),
    ),
    Step.REJECTED: StepWords(
        N_("Reject"),
        N_("The referral goes back with the reason, and is over for you."),
        N_("Rejected"),
    ),
    Step.FORWARDED: StepWords(
        N_("Forward"),
        N_("Another party gets the referral; the filing date stays. You no longer have it then."),
        N_("Forwarded"),
    ),
    Step.APPOINTMENT_MADE: StepWords(
        N_("Make an appointment"),
        N_("Time and place are passed on to the other party."),
        N_("Appointment made"),
    ),
    Step.APPOINTMENT_MOVED: StepWords(
        N_("Move the appointment"),
        N_("The new time and place are passed on to the other party."),
        N_("Appointment moved"),
    ),
    Step.APPOINTMENT_CANCELLED: StepWords(
        N_("Cancel the appointment"),
        N_("The appointment does not take place. The referral stays with you."),
        N_("Appointment cancelled"),
    ),
    Step.NO_SHOW: StepWords(
        N_("Client did not come"),
        N_("The appointment was missed. The referral stays with you."),
        N_("Client did not come to the appointment"),
    ),
    Step.IN_PROGRESS: StepWords(
        N_("Begin work"),
        N_("The other party sees that the work has begun."),
        N_("Work has begun"),
    ),
    Step.ON_HOLD: StepWords(
        N_("Put on hold"),
        N_("The deadline stands still until you go on. The other party hears the reason."),
        N_("Has been put on hold"),
    ),
    Step.COMPLETED: StepWords(
        N_("Complete"),
        N_("The referral is over. The other party hears how it ended."),
        N_("Completed"),
    ),
    Step.FAILED: StepWords(
        N_("End without result"),
        N_("The referral is over without having helped. The other party hears the reason."),
        N_("Ended without result"),
    ),
    Step.CANCELLED: StepWords(
        N_("Cancel the referral"),
        N_("The referral is over. The other party hears the reason."),
        N_("Cancelled"),
    ),
    Step.CANCELLATION_REQUESTED: StepWords(
        N_("Ask to cancel"),
        N_("The other party has begun already: it decides whether the referral is cancelled."),
        N_("Asked to cancel"),
    ),
    Step.CANCELLATION_DECLINED: StepWords(
        N_("Decline to cancel"),
        N_("The referral goes on. The other party, which asked to cancel it, hears of it."),
        N_("Declined to cancel"),
    ),
    Step.ENTERED_IN_ERROR: StepWords(
        N_("Take back as a mistake"),
        N_("The referral counts as never sent. This cannot be undone."),
        N_("Taken back as a mistake"),
    ),
    Step.EXPIRED: StepWords(
        N_("Let expire"),
        N_("Nobody answered in time."),
        N_("Expired, because nobody answered"),
    ),
}
