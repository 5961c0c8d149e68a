"""What the ledger keeps of an event for its trail: codes, ids and times, nothing it says."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final

from hub.domain.decision import Outgoing
from schemas.data import Data
from schemas.envelope import Event
from schemas.events.ledger_recorded import Notice, Step
from schemas.events.referral_requested import ReferralRequested
from schemas.events.referral_status_changed import ReferralStatusChanged
from schemas.topics import DELIVERY_PREFIX
from schemas.vocabulary import ReferralStatus

MEETING: Final = frozenset(
    {
        ReferralStatus.ACCEPTED,
        ReferralStatus.IN_PROGRESS,
        ReferralStatus.APPOINTMENT_MADE,
        ReferralStatus.APPOINTMENT_MOVED,
    }
)
"""The steps with which an appointment is agreed; elsewhere it is passed over."""
_TYPE: Final = "ce_type"
_ID: Final = "ce_id"
_RULE: Final = "ce_rule"


def step_of(
    event: Event[Data], recipients: Sequence[str], due_at: datetime | None = None
) -> Step | None:
    """What a routed event means for its referral; None for an event of another kind.

    `due_at`: until when its owner must answer, if an answer is due.
    """
    data = event.data
    if isinstance(data, ReferralRequested):
        return Step(
            service=data.service,
            offer_id=data.offer_id,
            owner=recipients[0],
            due_at=due_at,
            first_received_at=data.first_received_at,
            first_received_by=data.first_received_by,
        )
    if isinstance(data, ReferralStatusChanged):
        agreed = data.appointment if data.status in MEETING else None
        return Step(
            status=data.status,
            reason=data.reason,
            outcome=data.outcome,
            owner=data.new_owner,
            due_at=due_at,
            appointment_at=agreed.at if agreed else None,
        )
    return None


def notices_of(outputs: Sequence[Outgoing]) -> tuple[Notice, ...]:
    """What the hub says to parties by itself, as the ledger keeps it: to whom, what, by which rule.

    `outputs` are neither copies nor receipts.
    """
    return tuple(_notices(outputs))


def _notices(outputs: Sequence[Outgoing]) -> Iterator[Notice]:
    for output in outputs:
        if output.topic.startswith(DELIVERY_PREFIX):
            said = dict(output.record.headers)
            rule = said.get(_RULE)
            yield Notice(
                to=output.topic.removeprefix(DELIVERY_PREFIX),
                event_type=said[_TYPE].decode(),
                event_id=said[_ID].decode(),
                rule=rule.decode() if rule else None,
            )
