"""One cell of a table as a JSON value: dates, numbers and words as Excel writes them."""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from pydantic import JsonValue

ZONE: Final = ZoneInfo("Europe/Berlin")
"""Where a time of day without zone was written down."""
YES: Final = frozenset({"ja", "j", "x", "wahr", "yes", "true", "1"})
NO: Final = frozenset({"nein", "n", "falsch", "no", "false", "0"})
_GERMAN_DATE: Final = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")
_CLOCK: Final = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2}))?")
_NUMBER: Final = re.compile(r"[0-9]{1,9}")


class CellUnreadable(Exception):
    """The cell is not written as the mapping declares; the text says how it should be."""


def value_of(
    cell: str, kind: str, *, width: tuple[int, ...] = (), words: Mapping[str, str] | None = None
) -> JsonValue:
    """The cell as the declared kind; an empty cell is None.

    `width`: how many digits a key may have; a leading zero that Excel took off is put back.
    `words`: what stands in the cell for a code of the contract. Raises CellUnreadable.
    """
    text = cell.strip()
    if not text:
        return None
    if kind == "list":
        return [_text(part, width, words) for part in re.split(r"[,;\s]+", text) if part]
    if kind == "text":
        return _text(text, width, words)
    return _KINDS[kind](text)


def _text(text: str, width: tuple[int, ...], words: Mapping[str, str] | None) -> str:
    if text.isascii() and text.isdigit() and len(text) + 1 in width and len(text) not in width:
        text = f"0{text}"
    return (words or {}).get(text, text)


def _date(text: str) -> str:
    try:
        german = _GERMAN_DATE.fullmatch(text)
        if german is None:
            return date.fromisoformat(text).isoformat()
        day, month, year = (int(part) for part in german.groups())
        return date(year, month, day).isoformat()
    except ValueError:
        raise CellUnreadable("Write the date as dd.mm.yyyy or yyyy-mm-dd.") from None


def _moment(text: str) -> str:
    try:
        begin, _, clock = text.partition(" ")
        if _GERMAN_DATE.fullmatch(begin):
            text = f"{_date(begin)}T{_clock(clock.strip()) if clock.strip() else '00:00:00'}"
        moment = datetime.fromisoformat(text)
    except (ValueError, CellUnreadable):
        raise CellUnreadable("Write the time as dd.mm.yyyy hh:mm, or as in RFC 3339.") from None
    return (moment if moment.tzinfo else moment.replace(tzinfo=ZONE)).isoformat()


def _clock(text: str) -> str:
    match = _CLOCK.fullmatch(text)
    if match is None:
        raise CellUnreadable("Write the time of day as hh:mm.")
    hour, minute, second = match.groups()
    return f"{int(hour):02d}:{minute}:{second or '00'}"


def _time_of_day(text: str) -> str:
    return _clock(text)[:5]


def _number(text: str) -> int:
    if not (text.isascii() and _NUMBER.fullmatch(text)):
        raise CellUnreadable("Write a whole number, digits only.")
    return int(text)


def _yes_or_no(text: str) -> bool:
    word = text.casefold()
    if word not in YES | NO:
        raise CellUnreadable("Write ja or nein.")
    return word in YES


_KINDS: Final[Mapping[str, Callable[[str], JsonValue]]] = {
    "date": _date,
    "moment": _moment,
    "time-of-day": _time_of_day,
    "number": _number,
    "yes-no": _yes_or_no,
}
