"""A dead letter as it lies on its topic: the record that was refused, and why."""

import hashlib
import struct
from datetime import UTC, datetime
from typing import Final, NamedTuple

from hub.domain.dead_letters import CONNECT, LEFT_OUT_HEADER, PROBLEMS_HEADER, SPRING
from hub.domain.decision import Received
from hub.domain.emission import cause_of
from schemas.codec import Record, decode
from schemas.envelope import party_of
from schemas.errors import Unreadable
from schemas.topics import DEAD_SUFFIX

CAUSES: Final = (SPRING, CONNECT, PROBLEMS_HEADER, LEFT_OUT_HEADER)
"""How the headers begin that the hub has added."""
SHOWN: Final = ("id", "source", "type", "subject", "time", "purpose", "legalbasis", "recipient")
"""The context attributes a desk shows: ids, codes and times."""
OFFSET: Final = struct.Struct(">q")
PARTITION: Final = struct.Struct(">i")


class Letter(NamedTuple):
    """One dead letter."""

    id: str
    """Where it lies: `referrals.dead/2/15`, without the topic prefix."""
    at: datetime
    """When it was refused."""
    topic: str
    """Where the record came in, without the prefix."""
    partition: int
    offset: int | None
    """Where it lay there, as far as it is told."""
    codes: tuple[str, ...]
    """Why it was refused."""
    record: Record
    """As its sender sent it; key and value are gone where `left_out` says so."""
    attributes: dict[str, str]
    """Those of the context attributes shown that could be read."""
    left_out: str
    """How large it was and its SHA-256, of a record too large to keep."""

    @property
    def case(self) -> str:
        """What keeps its order: the case; a digest of an odd key; the letter itself without one."""
        subject = self.attributes.get("subject")
        if subject or self.record.key is None:
            return subject or self.id
        return f"key-{hashlib.blake2b(self.record.key, digest_size=6).hexdigest()}"

    @property
    def sender(self) -> str:
        """The party that sent it; empty where it could not be read."""
        source = self.attributes.get("source")
        return party_of(source) if source else ""


def letter(topic: str, partition: int, offset: int, timestamp_ms: int, record: Record) -> Letter:
    """The letter that lies there; `topic` without the prefix."""
    causes = {name: value for name, value in record.headers if name.startswith(CAUSES)}
    kept = [(name, value) for name, value in record.headers if not name.startswith(CAUSES)]
    original = Record(record.key, record.value, kept)
    return Letter(
        id=f"{topic}/{partition}/{offset}",
        at=datetime.fromtimestamp(timestamp_ms / 1000, tz=UTC),
        topic=topic.removesuffix(DEAD_SUFFIX),
        partition=_number(causes, "original-partition", PARTITION, partition) or 0,
        offset=_number(causes, "original-offset", OFFSET, None),
        codes=tuple(causes.get(PROBLEMS_HEADER, b"").decode(errors="replace").split(",")),
        record=original,
        attributes=_attributes(original),
        left_out=causes.get(LEFT_OUT_HEADER, b"").decode(errors="replace"),
    )


def _attributes(record: Record) -> dict[str, str]:
    """What is well formed of it: anything else could be a name."""
    try:
        said = vars(decode(record).context)
    except Unreadable as error:
        cause = cause_of(Received("", 0, 0, 0, record), error.attributes, "desk")
        found = {"id": cause.id, "source": cause.source, "type": cause.type}
        if cause.subject == error.attributes.get("subject"):
            found["subject"] = cause.subject
        return {name: value for name, value in found.items() if value}
    return {
        name: value.isoformat() if isinstance(value, datetime) else str(value)
        for name in SHOWN
        if (value := said[name]) is not None
    }


def _number(
    causes: dict[str, bytes], name: str, form: struct.Struct, otherwise: int | None
) -> int | None:
    value = causes.get(SPRING + name, b"")
    return int(form.unpack(value)[0]) if len(value) == form.size else otherwise
