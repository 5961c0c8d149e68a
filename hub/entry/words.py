"""The words of signing in and out: what is refused and why, and what the record says."""

from typing import Final

from hub.access.passwords import LONGEST, SHORTEST, Weakness
from hub.access.record import What
from hub.access.roles import Role
from hub.pages.marking import N_

Says = tuple[str, str]
"""A title and an advice."""

WEAKNESSES: Final = {
    Weakness.TOO_SHORT: N_("The password needs at least %(shortest)s characters."),
    Weakness.TOO_LONG: N_("The password may have at most %(longest)s characters."),
    Weakness.LIKE_THE_NAME: N_("The password must not contain your name."),
    Weakness.EASY_TO_GUESS: N_(
        "This password is easy to guess. Take some words that do not belong together."
    ),
}
LIMITS: Final = {"shortest": SHORTEST, "longest": LONGEST}
RECORDED: Final = {
    What.SIGNED_IN: N_("signed in"),
    What.SIGNED_IN_AGAIN: N_("signed in again"),
    What.SIGNED_OUT: N_("signed out"),
    What.FAILED: N_("sign-in failed"),
    What.PASSWORD_CHANGED: N_("password changed"),
    What.ADDED: N_("account added"),
    What.ROLE_CHANGED: N_("role changed"),
    What.LOCKED: N_("account locked"),
    What.UNLOCKED: N_("account unlocked"),
    What.REMOVED: N_("account removed"),
}
ROLES: Final = {
    Role.CLERK: N_("Clerk"),
    Role.LEAD: N_("Lead"),
    Role.AUDITOR: N_("Auditor"),
    Role.OPERATOR: N_("Operator"),
}

WRONG: Final = N_("The name or the password is wrong.")
FORM_IS_OLD: Final = N_("This form was used already, or is too old. Please sign in once more.")
PROVIDER_REFUSES: Final = N_("The sign-in was not completed. Please try again.")
PROVIDER_AWAY: Final = N_(
    "The sign-in service does not answer right now. Please try again in a moment."
)
NO_ROLE: Final = N_("Your account has no role here. Ask your lead.")
ACCOUNT_LOCKED: Final = N_("This account is locked. Ask your lead.")
LOCKED: Final = N_("Locked, because nothing happened for a while. Show that it is you.")
OVER: Final = N_("Your session is over. Please sign in again.")
FORM_OF_BEFORE: Final = N_("You have signed in anew since this form was shown, so it was not sent.")
KEPT: Final = N_("What you entered is not lost: you get it back after signing in.")

FORGED: Final[Says] = (
    N_("This did not come from our pages"),
    N_("Nothing was changed. Open the page anew and try again."),
)
OLD_PAGE: Final[Says] = (
    N_("This page was not up to date any more"),
    N_("You have signed in anew since it was shown, so nothing was done. Open it and try again."),
)
STRANGE_HOST: Final[Says] = (
    N_("The pages are not at this address"),
    N_("Use the address that you were given."),
)
NOT_TAKEN: Final[Says] = (
    N_("This could not be taken"),
    N_("The form is too long, came too slowly, or is none of ours. Nothing was changed."),
)
AWAY: Final[Says] = (
    N_("The database does not answer right now"),
    N_("Nothing is lost. Go back and try again in a moment; your entries are still there."),
)
NOT_AUDITED: Final[Says] = (
    N_("It cannot be written down right now who does this"),
    N_(
        "Without that nobody signs in and no case is opened. Nothing is lost: try again in a "
        "moment. Code for operations: audit-unavailable"
    ),
)
