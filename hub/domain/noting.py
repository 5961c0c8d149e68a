"""The ledger's line for what the hub says although no event came in: a time over, a lane's news."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from hub.domain import emission
from hub.domain.decision import Decision, Outgoing
from hub.domain.emission import Cause
from hub.domain.trail import notices_of
from schemas.events.ledger_recorded import LedgerRecorded, Step


class Spot(NamedTuple):
    """Where the record lies that a line is about."""

    partition: int
    offset: int


NOWHERE: Final = Spot(-1, -1)
"""No record led to it."""


def record(
    decision: Decision,
    cause: Cause,
    said: Sequence[Outgoing],
    topic: str,
    step: Step | None = None,
    spot: Spot = NOWHERE,
) -> None:
    """Add the line of what was `said` because of this; the decision's note tells it last."""
    notices = notices_of(said)
    line = LedgerRecorded(
        verdict=decision.verdict,
        causationid=cause.id,
        notices=notices,
        step=step,
        topic=topic,
        partition=spot.partition,
        offset=spot.offset,
        received_at=cause.at,
    )
    decision.outputs.append(emission.ledger_line(cause, line))
    decision.note = {
        "recipients": tuple(notice.to for notice in notices),
        "rules": tuple(notice.rule for notice in notices),
        "traceparent": cause.traceparent,
    }
