"""How the offers are remembered from event to event: in a state, one key for each.

The lane that has an offer's events keeps the offer itself and alone changes it. Every lane, that
one too, keeps a copy of it, as it was told last: its referrals are held against the copies.
"""

from collections.abc import Iterator
from typing import Final

from pydantic import TypeAdapter

from hub.domain.decision import Searchable, State, StateChanges
from hub.domain.offers import Offer
from schemas.vocabulary import OfferCategory

FAMILY: Final = b"offer/"
"""What the keys of the offers themselves begin with."""
COPIES: Final = b"offer-copy/"
"""What the keys of the copies begin with."""
KINDS: Final = b"offer-kind/"
"""What the keys begin with under which the kind of each stands, and of those that are withdrawn."""
_KEPT: Final = TypeAdapter(Offer)


def load(state: State, offer_id: str) -> Offer | None:
    """The offer as remembered where its events are, if it is."""
    return _load(state, FAMILY, offer_id)


def copy(state: State, offer_id: str) -> Offer | None:
    """The offer as this lane was told of it, if it was."""
    return _load(state, COPIES, offer_id)


def kind(state: State, offer_id: str) -> OfferCategory | None:
    """What kind of offer it is, or was: others of its kind may stand in for a withdrawn one."""
    kept = state.get(KINDS + offer_id.encode())
    return None if kept is None else OfferCategory(kept.decode())


def copies(state: Searchable) -> Iterator[Offer]:
    """Every offer this lane was told of; as much work as there are."""
    return (read(kept) for _, kept in state.under(COPIES))


def changes(before: Offer | None, now: Offer | None) -> StateChanges:
    """What an offer's change makes of the state; a withdrawn one is forgotten."""
    if now is None or now == before:
        return {}
    return {FAMILY + now.id.encode(): _kept(now)}


def copied(now: Offer) -> StateChanges:
    """What it makes of the state to be told how an offer stands."""
    name = now.id.encode()
    return {COPIES + name: _kept(now), KINDS + name: now.category.value.encode()}


def dump(offer: Offer) -> bytes:
    """The offer as it is kept: JSON."""
    return _KEPT.dump_json(offer)


def read(kept: bytes | str) -> Offer:
    """The offer as it was kept."""
    return _KEPT.validate_json(kept)


def _load(state: State, family: bytes, offer_id: str) -> Offer | None:
    kept = state.get(family + offer_id.encode())
    return None if kept is None else read(kept)


def _kept(offer: Offer) -> bytes | None:
    return None if offer.withdrawn else dump(offer)
