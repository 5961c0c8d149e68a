"""Dates of the generated day: moved to a real day, or written relative to an unnamed one."""

import re
from datetime import date, timedelta
from typing import Final

from tests.support.day_plan import SOME_DAY

_ISO: Final = re.compile(rf"{SOME_DAY.year}-(\d\d)-(\d\d)")
_GERMAN: Final = re.compile(rf"(\d\d)\.(\d\d)\.{SOME_DAY.year}")


def dated(text: str, day: date | None) -> str:
    """The text with its dates moved to that day; without a day, as `{{day-3}}` and `{{tag-3}}`."""
    text = _ISO.sub(lambda m: _written(int(m[1]), int(m[2]), day, "day", "%Y-%m-%d"), text)
    return _GERMAN.sub(lambda m: _written(int(m[2]), int(m[1]), day, "tag", "%d.%m.%Y"), text)


def _written(month: int, day_of_month: int, day: date | None, name: str, form: str) -> str:
    after = (date(SOME_DAY.year, month, day_of_month) - SOME_DAY.date()).days
    if day is None:
        return "{{" + name + (f"{after:+d}" if after else "") + "}}"
    return (day + timedelta(days=after)).strftime(form)
