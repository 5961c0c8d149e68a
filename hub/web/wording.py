"""Says what the back office speaks of in one language: codes, deadlines, working hours."""

from datetime import date, datetime
from enum import StrEnum
from functools import cache
from typing import Final, NamedTuple

from babel.dates import format_date
from babel.numbers import format_decimal

from hub.domain.working_time import WorkingTime
from hub.domain.working_year import ZONE
from hub.language import Language
from hub.pages import wording
from hub.pages.marking import N_
from hub.web.words.codes import text_of

ROOM: Final = "hub.web"
"""Where its catalogues, templates and files lie."""


class Pressure(StrEnum):
    """How near a deadline is."""

    LATER = "later"
    TODAY = "today"
    OVER = "over"


class Deadline(NamedTuple):
    """A deadline in words."""

    day: str
    left: str
    """How far away it is, in working days."""
    pressure: Pressure


class Wording(wording.Wording):
    """The words of one language."""

    def __init__(self, language: Language) -> None:
        """Read the language's catalogue."""
        super().__init__(ROOM, language)

    def code(self, code: StrEnum) -> str:
        """The words of a code."""
        return self.text(text_of(code))

    def speech(self, code: str) -> str:
        """The name of a language by its ISO 639 code; the code where it has none."""
        return str(self._locale.languages.get(code, code))

    def month(self, day: date) -> str:
        """The month of a day: November 2026."""
        return format_date(day, "LLLL y", locale=self._locale)

    def hours(self, hours: float | None) -> str:
        """Working hours, to a tenth; a dash where there are none to speak of."""
        if hours is None:
            return "-"
        return self.text(
            N_("%(hours)s h"), hours=format_decimal(round(hours, 1), locale=self._locale)
        )

    def birthday(self, day: date) -> str:
        """A day in a life: 25. November 1980; nobody asks which weekday it was."""
        return format_date(day, "long", locale=self._locale)

    def deadline(
        self, due_at: datetime, now: datetime, working: WorkingTime, *, short: bool = False
    ) -> Deadline:
        """A deadline, and how many working days are left, or have gone by since."""
        day = self.day(due_at, short=short)
        if due_at < now:
            return Deadline(
                day, self._over(working.working_days_between(due_at, now)), Pressure.OVER
            )
        if due_at.astimezone(ZONE).date() == now.astimezone(ZONE).date():
            left = self.text(N_("today until %(time)s"), time=self.clock(due_at))
            return Deadline(day, left, Pressure.TODAY)
        days = working.working_days_between(now, due_at)
        left = self.count("in %(num)s working day", "in %(num)s working days", days)
        return Deadline(day, left, Pressure.LATER)

    def _over(self, days: int) -> str:
        if days < 1:
            return self.text(N_("overdue since today"))
        return self.count(
            "overdue for %(num)s working day", "overdue for %(num)s working days", days
        )


@cache
def wording_of(language: Language) -> Wording:
    """The words of a language; its catalogue is read once."""
    return Wording(language)
