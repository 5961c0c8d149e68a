"""A line of the ledger, as the rows that are kept of it."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from connectors.base import Delivered
from hub.trail.line import kind
from schemas.codec import decode
from schemas.data import Data
from schemas.envelope import Event
from schemas.errors import Unreadable
from schemas.events.ledger_recorded import LedgerRecorded, Step
from schemas.events.probe_sent import ProbeSent
from schemas.events.receipt_delivered import ReceiptDelivered
from schemas.events.receipt_refused import ReceiptRefused
from schemas.problems import ProblemCode, problem

Row = dict[str, Any]


def rows_of(delivered: Delivered) -> tuple[Row, list[Row]] | None:
    """The line's row and those of what was written; raises Unreadable if it is no line.

    None: it tells of a probe of the hub's own, which counts nowhere.
    """
    event = decode(delivered.record)
    line = event.data
    if not isinstance(line, LedgerRecorded):
        raise Unreadable([problem(ProblemCode.WRONG_TOPIC, field="type")], {})
    if kind(line.event_type) == ProbeSent.TYPE:
        return None
    place: Row = {"line_partition": delivered.partition, "line_offset": delivered.offset}
    row = place | _row(event, line) | _step(line.step or Step())
    row["recorded_at"] = datetime.fromtimestamp(delivered.timestamp_ms / 1000, tz=UTC)
    written = [
        place | {"number": number, "received_at": line.received_at} | one
        for number, one in enumerate(_written(line))
    ]
    return row, written


def _row(event: Event[Data], line: LedgerRecorded) -> Row:
    return {
        "verdict": line.verdict.value,
        "subject": event.context.subject,
        "event_id": line.event_id,
        "event_type": kind(line.event_type),
        "sender": line.sender,
        "source": line.source,
        "sequence": line.sequence,
        "correlation_id": line.correlationid,
        "causation_id": line.causationid,
        "sent_at": _instant(line.sent_at),
        "received_at": line.received_at,
        "topic": line.topic,
        "topic_partition": line.partition,
        "topic_offset": line.offset,
        "problems": " ".join(line.problems),
    }


def _step(step: Step) -> Row:
    return {
        "status": step.status,
        "reason": step.reason,
        "outcome": step.outcome,
        "service": step.service,
        "offer_id": step.offer_id,
        "owner": step.owner,
        "due_at": _instant(step.due_at),
        "appointment_at": _instant(step.appointment_at),
        "first_received_at": _instant(step.first_received_at),
        "first_received_by": step.first_received_by,
        "handover": step.handover,
    }


def _written(line: LedgerRecorded) -> Iterator[Row]:
    said = kind(line.event_type) or ""
    for party, rule, copy in zip(line.recipients, line.rules, line.delivery_ids, strict=False):
        yield {"party": party, "event_id": copy, "event_type": said, "rule": rule}
    if line.receipt_id is not None and line.sender is not None:
        receipt = ReceiptRefused if line.problems else ReceiptDelivered
        yield {
            "party": line.sender,
            "event_id": line.receipt_id,
            "event_type": receipt.TYPE,
            "rule": None,
        }
    for notice in line.notices:
        yield {
            "party": notice.to,
            "event_id": notice.event_id,
            "event_type": kind(notice.event_type),
            "rule": notice.rule,
        }


def _instant(moment: datetime | None) -> datetime | None:
    """In UTC; what no calendar has there, in the years 1 and 9999, is left out."""
    try:
        return None if moment is None else moment.astimezone(UTC)
    except OverflowError:
        return None
