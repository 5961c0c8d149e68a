"""What each recipient's copy leaves out: a blocked person's address (BMG §51)."""

from hub.domain.parties import Party
from schemas.data import Data
from schemas.events.address_change_reported import AddressChangeReported
from schemas.events.referral_requested import ReferralRequested

WITHHELD_MOVE = ("new_address", "disclosure_blocked")
WITHHELD_REFERRAL = ("client.address", "client.disclosure_blocked")


def says_blocked(data: Data) -> bool:
    """Whether the event itself says that a block stands."""
    if isinstance(data, AddressChangeReported):
        return data.disclosure_blocked
    return isinstance(data, ReferralRequested) and data.client.disclosure_blocked


def copy_for(recipient: Party, data: Data, *, blocked: bool) -> tuple[Data, tuple[str, ...]]:
    """The data as this recipient may see them, and the fields left out.

    A copy without the address looks the same whether it is blocked or unknown (BMG §51(2)).
    """
    if not blocked or recipient.sees_blocked_addresses:
        return data, ()
    if isinstance(data, AddressChangeReported):
        without = {"new_address": None, "disclosure_blocked": False}
        return data.model_copy(update=without), WITHHELD_MOVE
    if isinstance(data, ReferralRequested):
        client = data.client.model_copy(update={"address": None, "disclosure_blocked": False})
        return data.model_copy(update={"client": client}), WITHHELD_REFERRAL
    return data, ()
