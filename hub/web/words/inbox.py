"""The words of the inbox: its views, what a case is about, how far an answer has come."""

from typing import Final

from hub.casework.case_file import Kind, Sending
from hub.casework.views import View
from hub.pages.marking import N_

VIEWS: Final = {
    View.MINE: N_("My cases"),
    View.UNASSIGNED: N_("Unassigned"),
    View.DUE_TODAY: N_("Due today"),
    View.OVERDUE: N_("Overdue"),
    View.ON_HOLD: N_("Resting"),
    View.WAITING: N_("Waiting for others"),
    View.ADDRESS_CHANGES: N_("Address changes"),
    View.HANDOVERS: N_("Hand-overs"),
    View.DONE: N_("Done"),
    View.FAULTY: N_("Faulty"),
    View.ALL: N_("All cases"),
}
VIEW_MEANINGS: Final = {
    View.MINE: N_("What you have taken over and what is not over."),
    View.UNASSIGNED: N_("What nobody works on yet."),
    View.DUE_TODAY: N_("What must be answered or finished today."),
    View.OVERDUE: N_("What should have been answered or finished already."),
    View.ON_HOLD: N_("What was put on hold and waits for something."),
    View.WAITING: N_("What you have asked of others; it is their turn."),
    View.ADDRESS_CHANGES: N_("Moves and blocks that must be entered in your own system."),
    View.HANDOVERS: N_("Clients who left the district; the old carrier still pays."),
    View.DONE: N_("What is over."),
    View.FAULTY: N_("What was refused or could not be read, with the reason."),
    View.ALL: N_("Everything; this is where a search looks."),
}
KINDS: Final = {
    Kind.REFERRAL: N_("Referral"),
    Kind.ADDRESS_CHANGE: N_("Address change"),
    Kind.HANDOVER: N_("Hand-over"),
    Kind.LATE: N_("Late elsewhere"),
    Kind.OFFER: N_("Support offer"),
    Kind.UNREADABLE: N_("Not readable"),
}
SENDINGS: Final = {
    Sending.NOTHING: N_("nothing on its way"),
    Sending.BEING_SENT: N_("being sent"),
    Sending.SENT: N_("sent"),
    Sending.CONFIRMED: N_("confirmed"),
    Sending.REFUSED: N_("refused"),
}
KIND_MEANINGS: Final = {
    Kind.OFFER: N_("Who refers somebody to this offer names its number, which is the case number."),
    Kind.LATE: N_(
        "The other party is late for the second time with this case. Speak to them, then note it."
    ),
    Kind.UNREADABLE: N_(
        "Something on this case came in or was sent and could not be read. Tell operations the "
        "code, then note it."
    ),
}
"""What to do about a case of a kind that does not explain itself."""
SENDING_MEANINGS: Final = {
    Sending.NOTHING: N_("Nothing that you said is on its way."),
    Sending.BEING_SENT: N_("It is written down and goes out in a moment."),
    Sending.SENT: N_("It is on its way; the receipt is still to come."),
    Sending.CONFIRMED: N_("The other party has it."),
    Sending.REFUSED: N_("It was not delivered; the case stands as before."),
}
