"""Time and chance, as whoever starts a sender has them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Clock:
    """What a sender asks for instead of the machine."""

    now: Callable[[], datetime]
    """The time of day."""
    seconds: Callable[[], float]
    """Seconds that never go back, from anywhere."""
    chance: Callable[[], float]
    """A number from 0 to 1."""
