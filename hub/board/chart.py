"""Columns over the last hours, one for five minutes: the same numbers as the table behind them."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final, NamedTuple

from hub.monitor.history import KEPT, SLOT, History, Slot, slot_of

COLUMNS: Final = KEPT // SLOT
HEIGHT: Final = 100
LEAST: Final = 3
"""What is not 0 is seen, however little it is beside the highest."""


class Column(NamedTuple):
    """Five minutes in the picture, from its foot."""

    x: int
    height: int
    is_seen: bool
    """False: the broker was not looked at."""


class Chart(NamedTuple):
    """A picture `COLUMNS` wide and `HEIGHT` high."""

    columns: tuple[Column, ...]
    highest: float
    newest: float | None
    """None: the newest five minutes were not seen."""


def timeline(history: History, now: datetime) -> Sequence[tuple[datetime, Slot | None]]:
    """Every five minutes of the last hours, the oldest first; None: not seen."""
    last, known = slot_of(now), {slot.begins_at: slot for slot in history}
    begins = (last - SLOT * (COLUMNS - 1 - nth) for nth in range(COLUMNS))
    return [(at, known.get(at)) for at in begins]


def chart(slots: Sequence[tuple[datetime, Slot | None]], value: Callable[[Slot], float]) -> Chart:
    """The picture of one value."""
    values = [None if slot is None else value(slot) for _, slot in slots]
    highest = max((one for one in values if one is not None), default=0)
    columns = (
        Column(x, 0 if one is None else _height(one, highest), one is not None)
        for x, one in enumerate(values)
    )
    return Chart(tuple(columns), highest, values[-1])


def _height(value: float, highest: float) -> int:
    return max(LEAST, round(HEIGHT * value / highest)) if value > 0 else 0
