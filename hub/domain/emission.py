"""What the hub itself says: deliveries, receipts and ledger lines, with derived ids."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from uuid import NAMESPACE_URL

from hub.domain.decision import Outgoing, Received
from schemas.codec import write
from schemas.data import Data
from schemas.envelope import Event, party_of
from schemas.topics import DELIVERY_PREFIX, LEDGER
from schemas.vocabulary import Classification, LegalBasis, Purpose

HUB: Final = "//kurze-wege/hub/"
_VARIANT: Final = {digit: "89ab"[int(digit, 16) & 3] for digit in "0123456789abcdef"}
_SUBJECT: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{2,63}")
_ID: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,99}")
_SOURCE: Final = re.compile(r"//kurze-wege/[a-z0-9][a-z0-9-]{1,31}/[a-z0-9-]{1,40}")
_TYPE: Final = re.compile(r"[a-z.-]{1,60}\.v[0-9]{1,3}")
_TRACE: Final = re.compile(r"00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}")


Ground = tuple[Purpose, LegalBasis]
"""What something may be used for, and on which power it is sent."""


@dataclass(frozen=True, slots=True)
class Cause:
    """What is known of the event that makes the hub speak, as far as it could be read."""

    speaker: str
    """The hub's source on all that follows: `//kurze-wege/hub/<processor>`."""
    place: str
    """Topic, partition and offset, as one name."""
    at: datetime
    """When the event lay on its topic: the time of all that follows from it."""
    subject: str
    source: str | None = None
    id: str | None = None
    type: str | None = None
    traceparent: str | None = None
    about: str = ""
    """What it is about besides its subject: an offer, where that is a case."""

    sender: str | None = field(init=False)
    """The party that sent it."""
    name: str = field(init=False)
    """What names it among all events: a sender may reuse an id, though never in the same lane."""

    def __post_init__(self) -> None:
        sender = party_of(self.source) if self.source else None
        object.__setattr__(self, "sender", sender)
        name = self.place
        if self.source and self.id:
            name = f"{self.speaker}|{self.subject}|{self.source}|{self.id}"
        if self.about:
            name = f"{name}|{self.about}"
        object.__setattr__(self, "name", name)


def cause_of(received: Received, attributes: Mapping[str, str], processor: str) -> Cause:
    """The cause from the attributes of a record; what is not well formed is left out."""

    def readable(name: str, pattern: re.Pattern[str]) -> str | None:
        text = attributes.get(name, "")
        return text if pattern.fullmatch(text) else None

    place = f"{received.topic}-{received.partition}-{received.offset}"
    return Cause(
        speaker=HUB + processor.replace("_", "-"),
        place=place,
        at=received.received_at,
        subject=readable("subject", _SUBJECT) or place[-64:].lstrip("._-"),
        source=readable("source", _SOURCE),
        id=readable("id", _ID),
        type=readable("type", _TYPE),
        traceparent=readable("traceparent", _TRACE),
    )


def cause_of_event(received: Received, event: Event[Data], processor: str) -> Cause:
    """The cause from an event that could be read."""
    context = event.context
    return Cause(
        speaker=HUB + processor.replace("_", "-"),
        place=f"{received.topic}-{received.partition}-{received.offset}",
        at=received.received_at,
        subject=context.subject,
        source=context.source,
        id=context.id,
        type=context.type,
        traceparent=context.traceparent,
    )


def derived_id(cause: str, recipient: str, kind: str) -> str:
    """The id of what is emitted to a recipient because of a cause: the same every time.

    A UUIDv5 (RFC 9562 §5.5) in the URL namespace, written out by hand: it is made four times
    for every event.
    """
    name = f"{HUB}{kind}|{recipient}|{cause}".encode()
    digits = hashlib.sha1(NAMESPACE_URL.bytes + name, usedforsecurity=False).hexdigest()
    variant = _VARIANT[digits[16]]
    return f"{digits[:8]}-{digits[8:12]}-5{digits[13:16]}-{variant}{digits[17:20]}-{digits[20:32]}"


def notice(
    cause: Cause,
    data: Data,
    recipient: str,
    rule: str,
    ground: Ground,
    correlationid: str | None = None,
) -> Outgoing:
    """An event of the hub's own for a party, because of an event or of a time that is over."""
    purpose, legal_basis = ground
    attributes = _attributes(cause, data, notice_id(cause, data, recipient)) | {
        "purpose": purpose,
        "legalbasis": legal_basis,
        "dataclassification": data.CLASSIFICATION,
        "correlationid": correlationid,
        "recipient": recipient,
        "rule": rule,
    }
    return Outgoing(DELIVERY_PREFIX + recipient, write(attributes, data))


def notice_id(cause: Cause, data: Data, recipient: str) -> str:
    """The id of an event of the hub's own."""
    return derived_id(cause.name, recipient, data.TYPE)


def receipt_id(cause: Cause, data: Data, sender: str) -> str:
    """The id of the answer; each record has one of its own, an event sent again as well."""
    return derived_id(cause.name, sender, f"{data.TYPE}@{cause.place}")


def receipt(cause: Cause, data: Data, sender: str, event_id: str) -> Outgoing:
    """The answer to the sender, under this id."""
    attributes = _attributes(cause, data, event_id)
    attributes["recipient"] = sender
    return Outgoing(DELIVERY_PREFIX + sender, write(attributes, data))


def ledger_line(cause: Cause, data: Data) -> Outgoing:
    """One line of the ledger for each record that came in, and for each time that is over."""
    attributes = _attributes(cause, data, derived_id(cause.place, "", data.TYPE))
    return Outgoing(LEDGER.name, write(attributes, data))


def _attributes(cause: Cause, data: Data, event_id: str) -> dict[str, object]:
    return {
        "specversion": "1.0",
        "type": data.wire_type(),
        "source": cause.speaker,
        "id": event_id,
        "subject": cause.subject,
        "time": cause.at,
        "dataschema": data.schema_uri(),
        "purpose": Purpose.ACCOUNTABILITY,
        "legalbasis": LegalBasis.GDPR_5_2,
        "dataclassification": Classification.INTERNAL,
        "causationid": cause.id,
        "sender": cause.source,
        "traceparent": cause.traceparent,
    }
