"""How far what is said of an offer can be relied on: its assurance fades with time."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Final


class Freshness(StrEnum):
    """How far what is said of an offer can be relied on."""

    FRESH = "fresh"
    FADING = "fading"
    FADED = "faded"


@dataclass(frozen=True, slots=True)
class Fading:
    """How long an assurance holds, in whole days."""

    fading_after: timedelta = timedelta(days=90)
    """A quarter: courses and opening hours change with it. Ask before sending somebody."""
    faded_after: timedelta = timedelta(days=180)
    """Half a year: nobody looked at it for two quarters. Nobody is sent there any more."""


USUAL: Final = Fading()
