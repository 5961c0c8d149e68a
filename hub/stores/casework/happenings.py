"""What a kept row of the inbox tables tells a desk. Pure."""

import re
from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple

from sqlalchemy import RowMapping

from connectors.backoffice.mapping import data_of
from connectors.backoffice.sink import Fresh
from connectors.backoffice.tables import faulty, inbox
from hub.casework.happenings import Confirmed, Delivered, Happening, Refused, Seen, Spoken, Unread
from hub.domain.referral import HUB
from hub.trail.line import kind
from schemas.data import Data
from schemas.envelope import party_of
from schemas.events.receipt_delivered import ReceiptDelivered
from schemas.events.receipt_refused import ReceiptRefused
from schemas.events.receipt_seen import ReceiptSeen

MOST_CHARACTERS: Final = 64
"""What a case's number may have."""
_CODE: Final = re.compile(r"[a-z-]+")

SaidHere = Callable[[str], Spoken | None]
"""The event with this id, if it was said from here."""


class Told(NamedTuple):
    """What happened to which case."""

    case: str
    happening: Happening


def told_by(fresh: Fresh, said_here: SaidHere) -> Told:
    """What a row that is kept for the first time tells."""
    row = fresh.row
    if fresh.table is faulty:
        code = _CODE.match(row["problems"])
        return Told(place_of(row), Unread(row["received_at"], code.group() if code else ""))
    if fresh.table is inbox:
        speaker = party_of(row["sender"]) if row["sender"] else HUB
        at = row["recorded_at"] or row["time"]
        return Told(row["subject"], Delivered(at, speaker, data_of(row)))
    return Told(row["subject"], _receipt(data_of(row), row, said_here))


def _receipt(data: Data, row: Mapping[str, Any], said_here: SaidHere) -> Happening:
    match data:
        case ReceiptDelivered():
            return Confirmed(
                data.received_at,
                data.event_id,
                kind(data.event_type) or "",
                tuple(delivery.to for delivery in data.deliveries),
                said_here(data.event_id),
                data.repeated,
            )
        case ReceiptRefused():
            code = data.problems[0].code.value
            return Refused(data.received_at, data.event_id, kind(data.event_type), code)
        case ReceiptSeen():
            return Seen(data.seen_at, data.seen_by)
    raise TypeError(row["type"])


def place_of(row: Mapping[str, Any] | RowMapping) -> str:
    """What stands for a case number where a record could not be read: where it lies."""
    place = f"{row['topic']}-{row['topic_partition']}-{row['topic_offset']}"
    return place[-MOST_CHARACTERS:].lstrip("._-")
