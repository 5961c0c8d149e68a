"""Recognises an event its sender sent before: same source and id (CloudEvents 1.0, `id`)."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from pydantic_core import from_json, to_json

from hub.domain.decision import State
from schemas.codec import Record
from schemas.data import Data
from schemas.envelope import Event

FAMILY: Final = b"seen/"
"""The family of keys that say what was done with an event."""
DIGEST_BYTES: Final = 16
TOLD_BY_WHICH: Final = ("purpose", "legalbasis", "dataclassification", "subject", "recipient")
"""The attributes that decide, besides the data, where an event goes and what it means there."""
DeliveryNote = tuple[str, str, tuple[str, ...]]
"""(recipient, rule, fields left out of their copy)."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What was done with the events of one source and id."""

    delivered: str = ""
    """The digest of the event that was delivered; empty: none was."""
    deliveries: tuple[DeliveryNote, ...] = ()
    """Who got it."""
    refused: str = ""
    """The digest of the event that was refused last; empty: none was."""


def key(source: str, event_id: str) -> bytes:
    """The state key of an event: a digest, so that it is short and says nothing."""
    text = f"{source}|{event_id}".encode()
    return FAMILY + hashlib.blake2b(text, digest_size=DIGEST_BYTES).digest()


def digest(event: Event[Data], secret: bytes = b"") -> str:
    """The digest of what an event says, however it was written.

    An event that is sent again may have another time or trace. With the `secret` of its subject
    nobody else can try what it may have said: without one a digest answers every guess.
    """
    context, data = event.context, event.data
    said = "|".join(str(getattr(context, name) or "") for name in TOLD_BY_WHICH)
    content = data.__pydantic_serializer__.to_json(data, exclude_none=True)
    return _digest(f"{context.type}|{said}|".encode() + content, secret)


def digest_unread(record: Record, attributes: Mapping[str, str], secret: bytes = b"") -> str:
    """The digest of a record that is not an event of the contract."""
    said = "|".join(attributes.get(name, "") for name in ("type", *TOLD_BY_WHICH))
    return _digest(f"{said}|".encode() + (record.value or b""), secret)


def load(state: State, seen_key: bytes) -> Seen:
    """What was done with it; nothing yet if it is new."""
    kept = state.get(seen_key)
    if kept is None:
        return Seen()
    delivered, deliveries, refused = from_json(kept)
    notes = tuple((to, rule, tuple(left_out)) for to, rule, left_out in deliveries)
    return Seen(delivered, notes, refused)


def dump(seen: Seen) -> bytes:
    """What was done with it, as it is kept."""
    return to_json([seen.delivered, seen.deliveries, seen.refused])


def _digest(content: bytes, secret: bytes) -> str:
    return hashlib.blake2b(content, digest_size=DIGEST_BYTES, key=secret).hexdigest()
