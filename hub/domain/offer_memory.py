"""How the offers are remembered from event to event: in a state, one key for each."""

from typing import Final

from pydantic import TypeAdapter

from hub.domain.decision import State, StateChanges
from hub.domain.offers import Offer

FAMILY: Final = b"offer/"
"""What the keys begin with."""
_KEPT: Final = TypeAdapter(Offer)


def key(offer_id: str) -> bytes:
    """Where an offer stands in a state."""
    return FAMILY + offer_id.encode()


def load(state: State, offer_id: str) -> Offer | None:
    """The offer as remembered, if it is."""
    kept = state.get(key(offer_id))
    return None if kept is None else read(kept)


def changes(before: Offer | None, now: Offer | None) -> StateChanges:
    """What an offer's change makes of the state; a withdrawn one is forgotten."""
    if now is None or now == before:
        return {}
    return {key(now.id): None if now.withdrawn else dump(now)}


def dump(offer: Offer) -> bytes:
    """The offer as it is kept: JSON."""
    return _KEPT.dump_json(offer)


def read(kept: bytes | str) -> Offer:
    """The offer as it was kept."""
    return _KEPT.validate_json(kept)
