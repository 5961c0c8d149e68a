"""Says things in one language: texts, codes, dates, deadlines."""

from datetime import date, datetime
from enum import StrEnum
from functools import cache
from typing import Final, NamedTuple

from babel.core import Locale
from babel.dates import format_date, format_time
from babel.numbers import format_decimal, format_percent

from hub.domain.working_time import WorkingTime
from hub.domain.working_year import ZONE
from hub.web.catalogues import translations
from hub.web.languages import Language
from hub.web.words.codes import text_of
from hub.web.words.marking import N_

_DAY: Final = {Language.GERMAN: "EEE, d. MMMM y", Language.ENGLISH: "EEE d MMMM y"}
_SHORT: Final = {Language.GERMAN: "EEE, d. MMM y", Language.ENGLISH: "EEE d MMM y"}


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


class Wording:
    """The words of one language."""

    def __init__(self, language: Language) -> None:
        """Read the language's catalogue."""
        self.language = language
        self.catalogue = translations(language)
        self._locale = Locale.parse(language.locale)

    def text(self, message: str, **values: object) -> str:
        """The message in this language, with its values."""
        found: str = self.catalogue.gettext(message)
        return found % values if values else found

    def count(self, one: str, many: str, number: int, **values: object) -> str:
        """The message for this number, which stands in it as `num`."""
        found: str = self.catalogue.ngettext(one, many, number)
        return found % {"num": self.number(number), **values}

    def code(self, code: StrEnum) -> str:
        """The words of a code."""
        return self.text(text_of(code))

    def number(self, number: int) -> str:
        """A number as it is written: 10.000 or 10,000."""
        return format_decimal(number, locale=self._locale)

    def speech(self, code: str) -> str:
        """The name of a language by its ISO 639 code; the code where it has none."""
        return str(self._locale.languages.get(code, code))

    def day(self, at: date, *, short: bool = False) -> str:
        """A day: Mi., 25. November 2026; a moment's is the day in Berlin."""
        if isinstance(at, datetime):
            at = at.astimezone(ZONE).date()
        form = _SHORT if short else _DAY
        return format_date(at, form[self.language], locale=self._locale)

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

    def percent(self, share: float | None) -> str:
        """A share in whole percents; a dash where there is nothing to share."""
        return "-" if share is None else format_percent(share, locale=self._locale)

    def birthday(self, day: date) -> str:
        """A day in a life: 25. November 1980; nobody asks which weekday it was."""
        return format_date(day, "long", locale=self._locale)

    def moment(self, at: datetime, *, short: bool = False) -> str:
        """A day with its time in Berlin."""
        time = format_time(at.astimezone(ZONE), "HH:mm", locale=self._locale)
        return self.text(N_("%(day)s, %(time)s"), day=self.day(at, short=short), time=time)

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
            time = format_time(due_at.astimezone(ZONE), "HH:mm", locale=self._locale)
            return Deadline(day, self.text(N_("today until %(time)s"), time=time), Pressure.TODAY)
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
