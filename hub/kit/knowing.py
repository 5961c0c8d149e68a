"""What a party knows of a matter, by the last it said or was told. Pure."""

from collections.abc import Mapping
from typing import Final

from schemas.data import Data
from schemas.events.address_change_reported import AddressChangeReported
from schemas.events.address_change_withdrawn import AddressChangeWithdrawn
from schemas.events.disclosure_block_lifted import DisclosureBlockLifted
from schemas.events.disclosure_block_set import DisclosureBlockSet
from schemas.events.referral_requested import ReferralRequested
from schemas.events.referral_status_changed import ReferralStatusChanged
from schemas.events.support_offer_published import SupportOfferPublished
from schemas.events.support_offer_withdrawn import SupportOfferWithdrawn

NOTHING: Final = "nothing"
_WORDS: Final[Mapping[type[Data], str]] = {
    ReferralRequested: "referral requested",
    AddressChangeWithdrawn: "move withdrawn",
    DisclosureBlockSet: "address blocked",
    DisclosureBlockLifted: "block lifted",
    SupportOfferPublished: "offer published",
    SupportOfferWithdrawn: "offer withdrawn",
}


def known(data: Data) -> str | None:
    """What somebody knows who has this; None: nothing new of the matter, as with a receipt."""
    match data:
        case ReferralStatusChanged():
            return f"referral {data.status}"
        case AddressChangeReported():
            return "new address" if data.new_address else "move, address left out"
        case _:
            return _WORDS.get(type(data))
