"""A delivery, as the rows that are kept of it."""

from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import RowMapping

from connectors.base import Delivered
from schemas.codec import decode, taken_apart
from schemas.data import Data
from schemas.envelope import Event
from schemas.errors import Unreadable
from schemas.events import BY_WIRE_TYPE
from schemas.events.probe_sent import ProbeSent
from schemas.problems import ProblemCode, problem
from schemas.topics import delivery_topic

RECEIPT = "receipt."
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Rows:
    """What is to be kept, by table."""

    inbox: list[Row] = field(default_factory=list)
    receipts: list[Row] = field(default_factory=list)
    faulty: list[Row] = field(default_factory=list)


def rows_of(deliveries: Sequence[Delivered], received_at: datetime) -> Rows:
    """One row for each delivery, in the table it belongs to; nothing is left out but probes."""
    rows = Rows()
    for delivered in deliveries:
        place = _place(delivered, received_at)
        try:
            event = _read(delivered)
            if isinstance(event.data, ProbeSent):
                continue
            row = _event_row(event) | _proof(event, delivered) | place
            is_receipt = event.data.TYPE.startswith(RECEIPT)
            row |= _receipt_row(event) if is_receipt else _delivery_row(event)
        except Unreadable as unreadable:
            rows.faulty.append(_faulty_row(delivered, unreadable) | place)
            continue
        (rows.receipts if is_receipt else rows.inbox).append(row)
    return rows


def data_of(row: Mapping[str, Any] | RowMapping) -> Data:
    """The content of an inbox row, or of a receipt's, in the version it was delivered in."""
    model = BY_WIRE_TYPE[f"{row['type']}.v{row['version']}"]
    return model.model_validate(row["data"])


def content(data: Data) -> Row:
    """The data as they stand in a row."""
    return data.model_dump(mode="json", exclude_none=True)


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


def _event_row(event: Event[Data]) -> Row:
    context = event.context
    return {
        "event_id": context.id,
        "type": event.data.TYPE,
        "version": event.data.VERSION,
        "subject": context.subject,
        "time": _instant(context.time, "time"),
        "correlation_id": context.correlationid,
        "causation_id": context.causationid,
        "traceparent": context.traceparent,
        "data": content(event.data),
    }


def _proof(event: Event[Data], delivered: Delivered) -> Row:
    """The attributes as they were sealed, word for word; nothing where nobody has signed."""
    is_signed = event.context.seal or event.context.signature
    return {"proof": taken_apart(delivered.record)[0] if is_signed else None}


def _instant(moment: datetime, name: str) -> datetime:
    """In UTC; raises Unreadable for the years 1 and 9999, in a zone that is not UTC."""
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        unreadable = problem(ProblemCode.ATTRIBUTE_INVALID, field=name)
        raise Unreadable([unreadable], {}) from None


def _delivery_row(event: Event[Data]) -> Row:
    context = event.context
    recorded = context.recordedtime
    return {
        "sender": context.sender,
        "rule": context.rule,
        "purpose": context.purpose.value,
        "legal_basis": context.legalbasis.value,
        "classification": context.dataclassification.value,
        "recorded_at": None if recorded is None else _instant(recorded, "recordedtime"),
    }


def _receipt_row(event: Event[Data]) -> Row:
    return {"about_id": getattr(event.data, "event_id", None)}


def _faulty_row(delivered: Delivered, unreadable: Unreadable) -> Row:
    record = delivered.record
    return {
        "problems": str(unreadable),
        "record_key": record.key,
        "record_value": record.value,
        "record_headers": [[n, b64encode(value).decode()] for n, value in record.headers],
    }


def _place(delivered: Delivered, received_at: datetime) -> Row:
    return {
        "party": delivered.party,
        "topic": delivered.topic,
        "topic_partition": delivered.partition,
        "topic_offset": delivered.offset,
        "received_at": received_at,
    }
