"""What a recipient has of a day: the ids on its topic, with the times that the hub gave them."""

from contextlib import suppress
from datetime import datetime
from typing import Final

from hub.trail.statement import Recorded
from schemas.codec import Record

TIMES: Final = ("ce_recordedtime", "ce_time")
"""When the event behind a copy came in; a receipt's or a notice's own time is that anyway."""
ID: Final = "ce_id"
TYPE: Final = "ce_type"
PROBE: Final = b"probe."


def recorded(record: Record) -> Recorded | None:
    """The id and the time of a record on a delivery topic; None if it does not count.

    The hub did not write it, or it is a probe.
    """
    said = dict(record.headers)
    times = [said[name] for name in TIMES if name in said]
    if ID not in said or not times or said.get(TYPE, b"").startswith(PROBE):
        return None
    with suppress(ValueError):  # not UTF-8, or no time
        at = datetime.fromisoformat(times[0].decode())
        return Recorded(at, said[ID].decode()) if at.tzinfo else None
    return None
