"""What each recipient's copy leaves out: a blocked person's address (BMG §51)."""

from typing import Final

from hub.domain.parties import Party
from schemas.data import Data
from schemas.events.address_change_reported import AddressChangeReported
from schemas.events.referral_requested import ReferralRequested

MOVE: Final = {"old_address": None, "new_address": None, "disclosure_blocked": False}
"""What an unentitled recipient reads of a move: the old address may be a shelter's (BMG §52)."""
CLIENT: Final = {"address": None, "disclosure_blocked": False}
"""The same of a client who is referred."""


def says_blocked(data: Data) -> bool:
    """Whether the event itself says that a block stands."""
    if isinstance(data, AddressChangeReported):
        return data.disclosure_blocked
    return isinstance(data, ReferralRequested) and data.client.disclosure_blocked


def copy_for(recipient: Party, data: Data, *, blocked: bool) -> tuple[Data, tuple[str, ...]]:
    """The data as this recipient may see them, and those fields left out that were given.

    A copy without the address looks the same whether it is blocked or unknown (BMG §51(2)).
    """
    if not blocked or recipient.sees_blocked_addresses:
        return data, ()
    if isinstance(data, AddressChangeReported):
        left_out = tuple(name for name in MOVE if getattr(data, name))
        return data.model_copy(update=MOVE), left_out
    if isinstance(data, ReferralRequested):
        left_out = tuple(f"client.{name}" for name in CLIENT if getattr(data.client, name))
        client = data.client.model_copy(update=CLIENT)
        return data.model_copy(update={"client": client}), left_out
    return data, ()
