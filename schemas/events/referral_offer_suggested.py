"""The hub tells the owner of an open referral of an offer that has begun to suit it, and why."""

from typing import Annotated, ClassVar

from pydantic import Field, StringConstraints

from schemas.data import Data
from schemas.events.referral_requested import REFERRAL_PURPOSES, OfferId
from schemas.events.support_offer_published import ShortText
from schemas.model import PERSONAL, Frozen, PartyId
from schemas.vocabulary import MatchReason, OfferCategory, Purpose, Service


class Because(Frozen):
    """One reason: a code for programs, a sentence for people."""

    code: MatchReason
    """What counts."""
    text: Annotated[str, StringConstraints(min_length=1, max_length=300), PERSONAL]
    """The same in words, of a closed list: only numbers, days and names of places differ."""


class ReferralOfferSuggested(Data):
    """To the owner: who may be able to help. It answers nothing and asks for no answer."""

    TYPE: ClassVar[str] = "referral.offer-suggested"
    PURPOSES: ClassVar[frozenset[Purpose]] = REFERRAL_PURPOSES

    offer_id: OfferId
    """The offer: the subject of its events, and what a referral to it names."""
    publisher: PartyId
    """Who published it."""
    name: ShortText
    """What it is called."""
    category: OfferCategory
    """What kind of support."""
    service: Service | None = None
    """The referral service it answers, if any."""
    reasons: Annotated[tuple[Because, ...], Field(min_length=1, max_length=9)]
    """Why it suits; of languages nothing, because the hub does not keep the client's."""
