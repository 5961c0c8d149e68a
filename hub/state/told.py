"""What the ledger tells of a lane's steps: which record it moved, which time was over, and how."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final, NamedTuple

from hub.domain import recognition
from hub.domain.decision import Decision
from schemas.codec import Record, decode
from schemas.errors import Unreadable
from schemas.events.ledger_recorded import LedgerRecorded
from schemas.topics import LEDGER
from schemas.vocabulary import Verdict

DECISIVE: Final = ("verdict", "recipients", "rules", "problems", "notices", "step")
"""The fields of a line that show how an event was decided."""


class Told(NamedTuple):
    """One line of the ledger."""

    id: str
    subject: str
    topic: str
    """With the prefix, as the broker knows it."""
    partition: int
    """-1: no record, a time was over."""
    offset: int
    at: datetime
    """When the record lay there; when the hub saw that the time was over."""
    seen_key: bytes | None
    """Where the event is remembered, if its source and id could be read."""
    verdict: Verdict
    decided: Sequence[object]
    """How it was decided, the verdict included."""

    @property
    def is_aside(self) -> bool:
        """Whether it tells what else was said because of a record that has a line of its own."""
        return self.offset < 0 and self.verdict is not Verdict.TIMED


def read(record: Record) -> Told | None:
    """The line in a record of the ledger; None if it cannot be read."""
    try:
        event = decode(record)
    except Unreadable:
        return None
    line = event.data
    if not isinstance(line, LedgerRecorded):
        return None
    known = line.source and line.event_id
    return Told(
        event.context.id,
        event.context.subject,
        line.topic,
        line.partition,
        line.offset,
        line.received_at,
        recognition.key(line.source or "", line.event_id or "") if known else None,
        line.verdict,
        [getattr(line, name) for name in DECISIVE],
    )


def told_by(decision: Decision) -> list[Told]:
    """The lines a decision writes, in order, without what is said aside."""
    written = (read(output.record) for output in decision.outputs if output.topic == LEDGER.name)
    return [line for line in written if line is not None and not line.is_aside]
