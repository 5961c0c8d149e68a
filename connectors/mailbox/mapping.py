"""A delivery as an item of a mailbox. Pure."""

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from pydantic_core import to_json

from connectors.base import Delivered
from schemas.codec import JSON, decode
from schemas.data import Data
from schemas.envelope import Event
from schemas.errors import Unreadable
from schemas.events.probe_sent import ProbeSent
from schemas.problems import ProblemCode, problem
from schemas.topics import delivery_topic

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Rows:
    """What is to be kept, by table."""

    items: list[Row] = field(default_factory=list)
    faulty: list[Row] = field(default_factory=list)


def rows_of(deliveries: Sequence[Delivered], received_at: datetime) -> Rows:
    """One row for each delivery, in the table it belongs to; nothing is left out but probes."""
    rows = Rows()
    for delivered in deliveries:
        try:
            event = _read(delivered)
            if isinstance(event.data, ProbeSent):
                continue
            row = _item(delivered, event, received_at)
        except Unreadable as unreadable:
            rows.faulty.append(_faulty(delivered, unreadable, received_at))
        else:
            rows.items.append(row)
    return rows


def structured(event: Event[Data]) -> bytes:
    """The event in the CloudEvents JSON format."""
    attributes = event.context.model_dump(mode="json", exclude_none=True)
    data = event.data.model_dump(mode="json", exclude_none=True)
    return to_json({**attributes, "datacontenttype": JSON.decode(), "data": data})


def _read(delivered: Delivered) -> Event[Data]:
    """The event; raises Unreadable also when it does not belong to this party."""
    event = decode(delivered.record)
    context = event.context
    if context.recipient not in (None, delivered.party):
        wrong = problem(ProblemCode.RECIPIENT_NOT_PERMITTED, field="recipient")
        raise Unreadable([wrong], {})
    if event.data.TYPE not in delivery_topic(delivered.party).carries:
        raise Unreadable([problem(ProblemCode.WRONG_TOPIC, field="type")], {})
    return event


def _item(delivered: Delivered, event: Event[Data], received_at: datetime) -> Row:
    context = event.context
    try:
        time = context.time.astimezone(UTC)
    except OverflowError:  # the years 1 and 9999, in a zone that is not UTC
        unreadable = problem(ProblemCode.ATTRIBUTE_INVALID, field="time")
        raise Unreadable([unreadable], {}) from None
    return {
        "party": delivered.party,
        "event_id": context.id,
        "type": context.type,
        "subject": context.subject,
        "time": time,
        "source": context.source,
        "sender": context.sender,
        "cause_id": context.causationid,
        "body": structured(event),
        "received_at": received_at,
    }


def _faulty(delivered: Delivered, unreadable: Unreadable, received_at: datetime) -> Row:
    record = delivered.record
    return {
        "party": delivered.party,
        "topic": delivered.topic,
        "topic_partition": delivered.partition,
        "topic_offset": delivered.offset,
        "problems": str(unreadable),
        "record_key": record.key,
        "record_value": record.value,
        "record_headers": [[n, b64encode(value).decode()] for n, value in record.headers],
        "received_at": received_at,
    }
