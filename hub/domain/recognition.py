"""Recognises an event its sender sent before: same source and id (CloudEvents 1.0, `id`)."""

import hashlib
from dataclasses import dataclass
from typing import Final

from pydantic_core import from_json, to_json

from hub.domain.decision import State
from schemas.codec import Record
from schemas.problems import ProblemCode

DIGEST_BYTES: Final = 16
DeliveryNote = tuple[str, str, tuple[str, ...]]
"""(recipient, rule, fields left out of their copy)."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What was done with an event the first time."""

    digest: str
    """Of its data and type, so that an id used for other content is noticed."""
    deliveries: tuple[DeliveryNote, ...] = ()
    """Empty: it was refused."""
    problems: tuple[tuple[ProblemCode, str, str | None], ...] = ()
    """(code, detail, field) if it was refused."""


def key(source: str, event_id: str) -> bytes:
    """The state key of an event: a digest, so that it is short and says nothing."""
    text = f"{source}|{event_id}".encode()
    return b"seen/" + hashlib.blake2b(text, digest_size=DIGEST_BYTES).digest()


def digest(record: Record, wire_type: str) -> str:
    """The digest of what an event says."""
    content = wire_type.encode() + b"|" + (record.value or b"")
    return hashlib.blake2b(content, digest_size=DIGEST_BYTES).hexdigest()


def load(state: State, seen_key: bytes) -> Seen | None:
    """What was done with it, or None if it is new."""
    kept = state.get(seen_key)
    if kept is None:
        return None
    content, deliveries, problems = from_json(kept)
    return Seen(
        content,
        tuple((to, rule, tuple(left_out)) for to, rule, left_out in deliveries),
        tuple((ProblemCode(code), detail, field) for code, detail, field in problems),
    )


def dump(seen: Seen) -> bytes:
    """What was done with it, as it is kept."""
    return to_json([seen.digest, seen.deliveries, seen.problems])
