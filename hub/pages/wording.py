"""Says things in one language, with the catalogue of one room: texts, numbers, days, moments."""

from datetime import date, datetime
from typing import Final

from babel.core import Locale
from babel.dates import format_date, format_time
from babel.numbers import format_decimal, format_percent

from hub.domain.working_year import ZONE
from hub.language import Language
from hub.pages.catalogues import translations
from hub.pages.marking import N_

_DAY: Final = {Language.GERMAN: "EEE, d. MMMM y", Language.ENGLISH: "EEE d MMMM y"}
_SHORT: Final = {Language.GERMAN: "EEE, d. MMM y", Language.ENGLISH: "EEE d MMM y"}


class Wording:
    """The words of one language."""

    def __init__(self, room: str, language: Language) -> None:
        """Read the room's catalogue of the language."""
        self.language = language
        self.catalogue = translations(room, language)
        self._locale = Locale.parse(language.locale)

    def text(self, message: str, **values: object) -> str:
        """The message in this language, with its values."""
        found: str = self.catalogue.gettext(message)
        return found % values if values else found

    def count(self, one: str, many: str, number: int, **values: object) -> str:
        """The message for this number, which stands in it as `num`."""
        found: str = self.catalogue.ngettext(one, many, number)
        return found % {"num": self.number(number), **values}

    def number(self, number: int) -> str:
        """A number as it is written: 10.000 or 10,000."""
        return format_decimal(number, locale=self._locale)

    def percent(self, share: float | None) -> str:
        """A share in whole percents; a dash where there is nothing to share."""
        return "-" if share is None else format_percent(share, locale=self._locale)

    def day(self, at: date, *, short: bool = False) -> str:
        """A day: Mi., 25. November 2026; a moment's is the day in Berlin."""
        if isinstance(at, datetime):
            at = at.astimezone(ZONE).date()
        form = _SHORT if short else _DAY
        return format_date(at, form[self.language], locale=self._locale)

    def clock(self, at: datetime) -> str:
        """The time of day in Berlin: 09:12."""
        return format_time(at.astimezone(ZONE), "HH:mm", locale=self._locale)

    def moment(self, at: datetime, *, short: bool = False) -> str:
        """A day with its time in Berlin."""
        day = self.day(at, short=short)
        return self.text(N_("%(day)s, %(time)s"), day=day, time=self.clock(at))
