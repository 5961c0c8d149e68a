"""Numbers, times and spans in words, German and English."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from hub.domain.working_year import ZONE
from hub.language import Language

DAY_HOURS: Final = 8
"""What a working day counts in the words for a silence."""
_UNITS: Final = (
    (86_400, ("Tag", "Tagen"), ("day", "days")),
    (3_600, ("Stunde", "Stunden"), ("hour", "hours")),
    (60, ("Minute", "Minuten"), ("minute", "minutes")),
    (1, ("Sekunde", "Sekunden"), ("second", "seconds")),
)
NAMED_AT_MOST: Final = 3


def span(taken: timedelta, language: Language) -> str:
    """A span in its largest whole unit: `12 minutes`; in German in the dative."""
    seconds = max(0, int(taken.total_seconds()))
    size, german, english = next((unit for unit in _UNITS if seconds >= unit[0]), _UNITS[-1])
    one, many = german if language is Language.GERMAN else english
    number = seconds // size
    return f"{number} {one if number == 1 else many}"


def moment(at: datetime, language: Language) -> str:
    """A moment on Berlin's clock: `27.11.2026, 09:12 Uhr`."""
    local = at.astimezone(ZONE)
    if language is Language.GERMAN:
        return local.strftime("%d.%m.%Y, %H:%M Uhr")
    return local.strftime("%Y-%m-%d %H:%M")


def working_time(taken: timedelta, language: Language) -> str:
    """Working time in days of eight hours: `3 Arbeitstage`, `half a working day`."""
    days = taken.total_seconds() / 3600 / DAY_HOURS
    halves = round(days * 2)
    if language is Language.GERMAN:
        if halves <= 1:
            return "ein halber Arbeitstag" if halves else "weniger als ein halber Arbeitstag"
        number = f"{halves / 2:g}".replace(".", ",")
        return "1 Arbeitstag" if halves == 2 else f"{number} Arbeitstage"  # noqa: PLR2004
    if halves <= 1:
        return "half a working day" if halves else "less than half a working day"
    return "1 working day" if halves == 2 else f"{halves / 2:g} working days"  # noqa: PLR2004


def waiting(records: int, language: Language, *, is_exact: bool = True) -> str:
    """How many wait: `3 Ereignisse warten`."""
    if language is Language.GERMAN:
        most = "" if is_exact else "höchstens "
        return f"{most}1 Ereignis wartet" if records == 1 else f"{most}{records} Ereignisse warten"
    most = "" if is_exact else "at most "
    return f"{most}1 event waits" if records == 1 else f"{most}{records} events wait"


def listed(names: Sequence[str], language: Language) -> str:
    """The first few, and how many more there are."""
    if len(names) <= NAMED_AT_MOST:
        return ", ".join(names)
    more = len(names) - NAMED_AT_MOST
    rest = f"und {more} weiteren" if language is Language.GERMAN else f"and {more} more"
    return f"{', '.join(names[:NAMED_AT_MOST])} {rest}"
