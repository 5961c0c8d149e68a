"""Hand-overs that are open: opened by a move out of the district, not continued yet.

A move that is withdrawn ends its hand-over: it never happened. A correction may end it, too.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Final, NamedTuple

from hub.trail.line import HANDOVER_CONTINUED, HANDOVER_OPENED, Line
from schemas.events.ledger_recorded import HandoverState

ENDING: Final = frozenset({HANDOVER_CONTINUED, "address-change.withdrawn"})


class Handover(NamedTuple):
    """A hand-over that is open (SGB X §2(3))."""

    carrier: str
    """Who pays until it is continued."""
    reported_by: str | None
    """Who reported the move."""
    opened_at: datetime


def open_handover(lines: Iterable[Line]) -> Handover | None:
    """The hand-over that is open after a case's lines, which are in order."""
    found: Handover | None = None
    for line in lines:
        if not line.counts:
            continue
        if line.event_type in ENDING or line.handover == HandoverState.ENDED:
            found = None
        for notice in line.notices:
            if notice.event_type == HANDOVER_OPENED and _is_new(notice.party, found):
                found = Handover(notice.party, line.sender, line.recorded_at)
    return found


def _is_new(carrier: str, before: Handover | None) -> bool:
    """Whether this opens one: said again of the same carrier, it is open since the first time."""
    return before is None or before.carrier != carrier
