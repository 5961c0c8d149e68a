"""Lines of the ledger in the trail's words: a usual one, and what is unusual said by changes."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from itertools import count
from typing import Any, Final

from connectors.base import Delivered
from hub.domain.working_year import ZONE
from hub.trail.line import Line, Written
from schemas.codec import Record, write
from schemas.events.ledger_recorded import LedgerRecorded
from schemas.topics import LEDGER
from schemas.vocabulary import Classification, LegalBasis, Purpose, Verdict

EPPERTSHAUSEN: Final = "06432005"
KFB: Final = "kfb"
_numbers = count(1)


def at(text: str) -> datetime:
    """A moment in Berlin: `2026-03-02 09:00`; that day is a Monday."""
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


def a_line(sent: str = "2026-03-02 09:00", **changes: Any) -> Line:  # noqa: ANN401 - any column
    """Eppertshausen sends a referral to the Kreisagentur, unless the changes say otherwise."""
    sent_at = at(sent)
    usual: dict[str, Any] = dict.fromkeys(Line._fields)
    usual |= {
        "subject": "case-1",
        "verdict": Verdict.ROUTED.value,
        "recorded_at": sent_at + timedelta(seconds=3),
        "received_at": sent_at + timedelta(seconds=2),
        "event_id": f"e-{next(_numbers)}",
        "event_type": "referral.requested",
        "sender": EPPERTSHAUSEN,
        "sent_at": sent_at,
        "problems": "",
        "written": (),
    }
    if changes.get("event_type", "referral.requested") == "referral.requested":
        usual |= {"service": "debt_counselling", "owner": KFB}
    return Line(**(usual | changes))


def a_step(status: str, sent: str, **changes: Any) -> Line:  # noqa: ANN401 - any column
    """The Kreisagentur says that the referral has this status."""
    said = {"event_type": "referral.status-changed", "sender": KFB, "status": status}
    return a_line(sent, **(said | changes))


def a_copy(to: str, event_type: str, rule: str = "some-rule", event_id: str = "") -> Written:
    """A copy for a recipient."""
    return Written(to, event_id or f"d-{next(_numbers)}", event_type, rule)


def a_record(subject: str = "case-1", **changes: Any) -> Record:  # noqa: ANN401 - any field
    """The record of a line on the topic `ledger`, as the hub writes it."""
    number = next(_numbers)
    received_at = changes.pop("received_at", at("2026-03-02 09:00"))
    data = LedgerRecorded.model_validate(
        {
            "verdict": "routed",
            "event_id": f"e-{number}",
            "event_type": "referral.requested.v1",
            "source": f"//kurze-wege/{EPPERTSHAUSEN}/rathaus",
            "sent_at": received_at,
            "sender": EPPERTSHAUSEN,
            "recipients": [KFB],
            "rules": ["referral-by-service-and-residence"],
            "delivery_ids": [f"d-{number}"],
            "receipt_id": f"r-{number}",
            "topic": "referrals",
            "partition": 0,
            "offset": number,
            "received_at": received_at,
        }
        | changes
    )
    attributes = {
        "specversion": "1.0",
        "type": data.wire_type(),
        "source": "//kurze-wege/hub/route-referral",
        "id": f"l-{number}",
        "subject": subject,
        "time": received_at,
        "dataschema": data.schema_uri(),
        "purpose": Purpose.ACCOUNTABILITY,
        "legalbasis": LegalBasis.GDPR_5_2,
        "dataclassification": Classification.INTERNAL,
    }
    return write(attributes, data)


def on_ledger(records: Iterable[Record], first: int = 0) -> Iterator[Delivered]:
    """The records as they are read from the topic, one second apart."""
    for offset, record in enumerate(records, first):
        stamp_ms = round(at("2026-03-02 09:00").timestamp() * 1000) + 1000 * offset
        yield Delivered(LEDGER.name, LEDGER.name, 0, offset, stamp_ms, record)
