"""What a case contains, in chapters, in the order in which a clerk needs them."""

from collections.abc import Iterator, Sequence

from hub.web.facts import moves, offers, people, referrals
from hub.web.facts.chapter import Chapter, Names
from hub.web.wording import Wording
from schemas.data import Data
from schemas.events.address_change_reported import AddressChangeReported
from schemas.events.address_change_withdrawn import AddressChangeWithdrawn
from schemas.events.disclosure_block_lifted import DisclosureBlockLifted
from schemas.events.disclosure_block_set import DisclosureBlockSet
from schemas.events.handover_opened import HandoverOpened
from schemas.events.handover_overdue import HandoverOverdue
from schemas.events.referral_requested import ReferralRequested
from schemas.events.support_offer_published import SupportOfferPublished


def chapters(content: Data, say: Wording, names: Names) -> Sequence[Chapter]:
    """What the content says; of a type that no desk shows, nothing."""
    return tuple(_chapters(content, say, names))


def _chapters(content: Data, say: Wording, names: Names) -> Iterator[Chapter]:
    match content:
        case ReferralRequested():
            yield people.client(content.client, say, names)
            yield referrals.request(content, say, names)
        case AddressChangeReported():
            yield people.person(content.person, say, blocked=content.disclosure_blocked)
            yield moves.move(content, say, names)
        case AddressChangeWithdrawn():
            yield moves.withdrawal(content, say)
        case DisclosureBlockSet() | DisclosureBlockLifted():
            yield moves.block(content, say)
        case HandoverOpened() | HandoverOverdue():
            yield moves.handover(content, say, names)
        case SupportOfferPublished():
            yield offers.offer(content, say, names)
        case _:
            return
