"""What the hub itself says: deliveries, receipts and ledger lines, with derived ids."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import NAMESPACE_URL, uuid5

from hub.domain.decision import Outgoing, Received
from schemas.codec import encode
from schemas.data import Data
from schemas.envelope import Context, Event, party_of
from schemas.topics import DELIVERY_PREFIX, LEDGER
from schemas.vocabulary import Classification, LegalBasis, Purpose

HUB: Final = "//kurze-wege/hub/"
_SUBJECT: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{2,63}")
_ID: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,99}")
_SOURCE: Final = re.compile(r"//kurze-wege/[a-z0-9][a-z0-9-]{1,31}/[a-z0-9-]{1,40}")
_TYPE: Final = re.compile(r"[a-z.-]{1,60}\.v[0-9]{1,3}")


@dataclass(frozen=True, slots=True)
class Cause:
    """What is known of the event that makes the hub speak, as far as it could be read."""

    processor: str
    """Who speaks: the second part of the hub's source."""
    place: str
    """Topic, partition and offset, as one name."""
    at: datetime
    """When the event lay on its topic: the time of all that follows from it."""
    subject: str
    source: str | None = None
    id: str | None = None
    type: str | None = None
    traceparent: str | None = None

    @property
    def sender(self) -> str | None:
        """The party that sent it."""
        return party_of(self.source) if self.source else None

    @property
    def name(self) -> str:
        """What names it among all events."""
        return f"{self.source}|{self.id}" if self.source and self.id else self.place


def cause_of(received: Received, attributes: Mapping[str, str], processor: str) -> Cause:
    """The cause from the attributes of a record; what is not well formed is left out."""

    def readable(name: str, pattern: re.Pattern[str]) -> str | None:
        text = attributes.get(name, "")
        return text if pattern.fullmatch(text) else None

    place = f"{received.topic}-{received.partition}-{received.offset}"
    return Cause(
        processor=processor.replace("_", "-"),
        place=place,
        at=received.received_at,
        subject=readable("subject", _SUBJECT) or place[-64:],
        source=readable("source", _SOURCE),
        id=readable("id", _ID),
        type=readable("type", _TYPE),
    )


def cause_of_event(received: Received, event: Event[Data], processor: str) -> Cause:
    """The cause from an event that could be read."""
    context = event.context
    return Cause(
        processor=processor.replace("_", "-"),
        place=f"{received.topic}-{received.partition}-{received.offset}",
        at=received.received_at,
        subject=context.subject,
        source=context.source,
        id=context.id,
        type=context.type,
        traceparent=context.traceparent,
    )


def derived_id(cause: str, recipient: str, kind: str) -> str:
    """The id of what is emitted to a recipient because of a cause: the same every time."""
    return str(uuid5(NAMESPACE_URL, f"{HUB}{kind}|{recipient}|{cause}"))


def delivery(cause: Cause, event: Event[Data], data: Data, recipient: str, rule: str) -> Outgoing:
    """The recipient's copy of an event."""
    context = event.context.model_copy(
        update={
            "id": derived_id(cause.name, recipient, "delivery"),
            "source": HUB + cause.processor,
            "sender": event.context.source,
            "causationid": event.context.id,
            "recipient": recipient,
            "rule": rule,
            "dataschema": data.schema_uri(),
        }
    )
    return Outgoing(DELIVERY_PREFIX + recipient, encode(Event(context, data)))


def notice(cause: Cause, event: Event[Data], data: Data, recipient: str, rule: str) -> Outgoing:
    """An event of the hub's own for a party, on the purpose and legal basis of its cause."""
    context = _context(cause, data, derived_id(cause.name, recipient, data.TYPE)).model_copy(
        update={
            "purpose": event.context.purpose,
            "legalbasis": event.context.legalbasis,
            "dataclassification": data.CLASSIFICATION,
            "correlationid": event.context.correlationid,
            "recipient": recipient,
            "rule": rule,
        }
    )
    return Outgoing(DELIVERY_PREFIX + recipient, encode(Event(context, data)))


def receipt(cause: Cause, data: Data, sender: str, *, repeated: bool) -> Outgoing:
    """The answer to the sender; each repetition of an event has a receipt of its own."""
    kind = f"{data.TYPE}@{cause.place}" if repeated else data.TYPE
    context = _context(cause, data, derived_id(cause.name, sender, kind)).model_copy(
        update={"recipient": sender}
    )
    return Outgoing(DELIVERY_PREFIX + sender, encode(Event(context, data)))


def ledger_line(cause: Cause, data: Data) -> Outgoing:
    """One line of the ledger for each record that came in."""
    context = _context(cause, data, derived_id(cause.place, "", data.TYPE))
    return Outgoing(LEDGER.name, encode(Event(context, data)))


def _context(cause: Cause, data: Data, event_id: str) -> Context:
    return Context(
        type=data.wire_type(),
        source=HUB + cause.processor,
        id=event_id,
        subject=cause.subject,
        time=cause.at,
        dataschema=data.schema_uri(),
        purpose=Purpose.ACCOUNTABILITY,
        legalbasis=LegalBasis.GDPR_5_2,
        dataclassification=Classification.INTERNAL,
        causationid=cause.id,
        sender=cause.source,
        traceparent=cause.traceparent,
    )
