"""Deliveries as the hub writes them, about invented people."""

import uuid
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from connectors.base import Delivered
from schemas.codec import Record, encode
from schemas.data import Data
from schemas.envelope import Context, Event
from schemas.events.receipt_delivered import ReceiptDelivered
from schemas.events.referral_requested import ReferralRequested
from schemas.topics import delivery_topic

PARTY: Final = "kfb"
FAMILY_NAME: Final = "Musterfrau-Zwiebelturm"
"""Found in no log and in no error."""
AT: Final = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)

_REFERRAL: Final[dict[str, Any]] = {
    "client": {
        "client_id": "c-4711",
        "family_name": FAMILY_NAME,
        "given_names": "Mia",
        "birth_date": "1990-02-01",
        "ags": "06432005",
    },
    "service": "job_placement",
    "wished_place": "town_hall",
    "first_received_at": "2026-11-02T10:00:00+01:00",
    "first_received_by": "06432005",
}


def referral(name: object, case: str = "case-0001", **context: object) -> Event[ReferralRequested]:
    """A referral under this id, as its sender gives it or, with a `recipient`, as delivered."""
    data = ReferralRequested.model_validate(_REFERRAL)
    return Event(_context(data, str(name), case, context), data)


def receipt(name: object, about: str, case: str = "case-0001") -> Event[ReceiptDelivered]:
    """A receipt under this id about the event `about`."""
    data = ReceiptDelivered.model_validate(
        {
            "event_id": about,
            "event_type": "referral.requested.v1",
            "received_at": AT,
            "deliveries": [{"to": "06432005", "rule": "named", "delivery_id": "d-1"}],
        }
    )
    return Event(_context(data, str(name), case, {"source": "//kurze-wege/hub/receipts"}), data)


def delivered(
    offset: int, record: Record, party: str = PARTY, topic: str | None = None
) -> Delivered:
    """The record as it was read at this offset of the party's topic."""
    return Delivered(party, topic or delivery_topic(party).name, 0, offset, 0, record)


def deliveries(
    offsets: Iterable[int], party: str = PARTY, topic: str | None = None
) -> Sequence[Delivered]:
    """A referral at each offset, its id derived from the offset."""
    return [
        delivered(n, encode(referral(f"{party}-{n}", recipient=party)), party, topic)
        for n in offsets
    ]


def _context(data: Data, name: str, case: str, changes: dict[str, object]) -> Context:
    return Context.model_validate(
        {
            "type": data.wire_type(),
            "source": "//kurze-wege/06432005/rathaus",
            "id": name,
            "subject": case,
            "time": AT,
            "purpose": "integration",
            "legalbasis": "sgb2-16a",
            "dataclassification": "social",
            "correlationid": str(uuid.uuid5(uuid.NAMESPACE_OID, case)),
        }
        | changes
    )
