"""A trail in words: one line, a table, and plain values for JSON."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any, Final

from hub.trail.local_time import hours, shown
from hub.trail.trail import Timed, Trail

COLUMNS: Final = ("step", "party", "time", "working time", "since sent", "how", "event")
HUB: Final = "hub"
MINUTE: Final = timedelta(minutes=1)


def one_line(trail: Trail) -> str:
    """The whole case in one line: each step with its party and the working time it took."""
    parts = [_part(timed) for timed in trail.steps]
    if trail.waits_for is not None:
        due = f", due {shown(trail.due_at)}" if trail.due_at else ""
        late = ", overdue" if trail.overdue else ""
        parts.append(f"waits for {trail.waits_for}{due}{late}")
    if trail.open_handover is not None:
        parts.append(f"{trail.open_handover} pays until the new carrier continues")
    return f"{trail.case}: " + " → ".join(parts)


def rows(trail: Trail) -> Iterator[tuple[str, ...]]:
    """The table's rows: working time in hours and minutes."""
    for timed in trail.steps:
        step = timed.step
        yield (
            step.name,
            step.party or HUB,
            shown(step.at),
            hours(timed.took),
            hours(timed.since_sent),
            step.how,
            step.event_id or "",
        )


def plain(trail: Trail) -> dict[str, Any]:
    """The trail as JSON values: times by RFC 3339, working time in whole seconds."""
    return {
        "case": trail.case,
        "sender": trail.sender,
        "service": trail.service,
        "owner": trail.owner,
        "status": trail.status,
        "waits_for": trail.waits_for,
        "due_at": trail.due_at.isoformat() if trail.due_at else None,
        "overdue": trail.overdue,
        "open_handover": trail.open_handover,
        "line": one_line(trail),
        "steps": [_plain_step(timed) for timed in trail.steps],
    }


def _plain_step(timed: Timed) -> dict[str, Any]:
    step = timed.step
    return {
        "step": step.name,
        "party": step.party,
        "at": step.at.isoformat(),
        "took_s": round(timed.took.total_seconds()),
        "since_sent_s": round(timed.since_sent.total_seconds()),
        "how": step.how,
        "event_id": step.event_id,
    }


def _part(timed: Timed) -> str:
    step = timed.step
    who = f" {step.party}" if step.party else ""
    how = f" ({step.how})" if step.how else ""
    taken = f" +{hours(timed.took)}" if timed.took >= MINUTE else ""
    return f"{step.name}{who}{how}{taken}"
