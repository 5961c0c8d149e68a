"""What the record of who came in says, as acts of the audit."""

from collections.abc import Mapping
from typing import Final

from hub.access.record import OPERATOR, PROVIDER, Entry, What
from hub.audit.act import Act, Did

DID: Final[Mapping[What, Did]] = {
    What.SIGNED_IN: Did.SIGNED_IN,
    What.SIGNED_IN_AGAIN: Did.SIGNED_IN,
    What.FAILED: Did.SIGN_IN_FAILED,
    What.PASSWORD_CHANGED: Did.PASSWORD_CHANGED,
    What.ADDED: Did.ACCOUNT_ADDED,
    What.ROLE_CHANGED: Did.ROLE_CHANGED,
    What.LOCKED: Did.ACCOUNT_LOCKED,
    What.UNLOCKED: Did.ACCOUNT_UNLOCKED,
    What.REMOVED: Did.ACCOUNT_REMOVED,
}
"""All but signing out: nobody may be kept from that."""


def act_of(entry: Entry, role: str, party: str, operator: str) -> Act | None:
    """The act that this line tells of; None for one that is no access and changes no account.

    `role` is that of the clerk who did it; `operator`: who runs `hub clerk`, where it was that.
    Who failed to sign in is not known, whatever account they tried.
    """
    did = DID.get(entry.what)
    if did is None:
        return None
    who, as_what = entry.by or entry.clerk or "", role
    if entry.by == OPERATOR:
        who, as_what = operator, OPERATOR
    elif entry.by == PROVIDER:
        who = as_what = PROVIDER
    elif did is Did.SIGN_IN_FAILED:
        who = as_what = ""
    return Act(who, as_what, did, entry.clerk or "", party, entry.detail)
