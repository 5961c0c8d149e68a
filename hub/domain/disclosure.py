"""What each recipient's copy leaves out: where a blocked person lives (BMG §51)."""

from typing import Final

from hub.domain.parties import Party
from hub.domain.routing import CORRECTED
from schemas.data import Data
from schemas.events.address_change_corrected import AddressChangeCorrected
from schemas.events.address_change_reported import AddressChangeReported
from schemas.events.address_change_withdrawn import AddressChangeWithdrawn
from schemas.events.referral_requested import ReferralRequested
from schemas.vocabulary import WithdrawalReason

MOVE: Final = {"old_address": None, "new_address": None, "disclosure_blocked": False}
"""What an unentitled recipient reads of a move: the old address may be a shelter's (BMG §52)."""
CLIENT: Final = {"address": None, "disclosure_blocked": False}
"""The same of a client who is referred."""


def says_blocked(data: Data) -> bool:
    """Whether the event itself says that a block stands."""
    if isinstance(data, AddressChangeReported):
        return data.disclosure_blocked
    return isinstance(data, ReferralRequested) and data.client.disclosure_blocked


def copy_for(
    recipient: Party, data: Data, rule: str, *, blocked: bool
) -> tuple[Data | None, tuple[str, ...]]:
    """The data as this recipient may see them, and those fields left out that were given.

    None: nothing is left for them. A copy without the address looks the same whether it is
    blocked or unknown (BMG §51(2)).
    """
    if not blocked or recipient.sees_blocked_addresses:
        return data, ()
    if isinstance(data, AddressChangeReported):
        left_out = tuple(name for name in MOVE if getattr(data, name))
        if isinstance(data, AddressChangeCorrected) and rule == CORRECTED:
            return _without_the_place(recipient, data), ("new_ags", *left_out)
        return data.model_copy(update=MOVE), left_out
    if isinstance(data, ReferralRequested):
        left_out = tuple(f"client.{name}" for name in CLIENT if getattr(data.client, name))
        client = data.client.model_copy(update=CLIENT)
        return data.model_copy(update={"client": client}), left_out
    return data, ()


def _without_the_place(recipient: Party, data: AddressChangeCorrected) -> Data | None:
    """What remains of a correction for who heard of the move and has no part in the new place.

    The AGS alone finds somebody in a small town. It is needed by the municipality moved to, which
    is named by it, and by the carrier of the open case, which is responsible by it (SGB II §36).
    For all others what they were told is withdrawn: it is not so, and more they need not know
    (BMG §34(1): only what the task needs). The municipality moved from hears nothing: that the
    person left is still true.
    """
    if recipient.area == data.old_ags:
        return None
    return AddressChangeWithdrawn(withdraws=data.corrects, reason=WithdrawalReason.ENTERED_IN_ERROR)
