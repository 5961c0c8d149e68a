"""Reads single parameters of a query, strictly; whatever is wrong names the parameter."""

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from enum import StrEnum
from typing import Final, TypeVar

from hub.hsds import ids
from hub.hsds.problems import NotUnderstood

LAST_PAGE: Final = 1_000_000
_AREA: Final = re.compile(r"(0[1-9]|1[0-6])([0-9]{3}|[0-9]{6})")
_LANGUAGE: Final = re.compile(r"[a-z]{2,3}")
_NUMBER: Final = re.compile(r"[1-9][0-9]{0,8}")
_LOST_PLUS: Final = re.compile(r"(T\d\d:\d\d(?::\d\d(?:\.\d+)?)?) (\d\d:\d\d)$")
Coded = TypeVar("Coded", bound=StrEnum)
Asked = Mapping[str, str]


def once(pairs: Iterable[tuple[str, str]], known: Iterable[str]) -> Asked:
    """Each parameter with its value; raises NotUnderstood if one is unknown or given twice."""
    asked: dict[str, str] = {}
    known = frozenset(known)
    for name, value in pairs:
        if name not in known:
            raise NotUnderstood(f"There is no such parameter; use: {', '.join(sorted(known))}.")
        if name in asked:
            raise NotUnderstood(f"{name} is given twice.")
        asked[name] = value
    return asked


def paging(asked: Asked, per_page: int, most: int) -> tuple[int, int]:
    """Which page, counted from 1, and how many things stand on one."""
    return _number(asked, "page", 1, LAST_PAGE), _number(asked, "per_page", per_page, most)


def code(asked: Asked, name: str, codes: type[Coded]) -> frozenset[Coded] | None:
    """One of a closed list."""
    if name not in asked:
        return None
    try:
        return frozenset({codes(asked[name])})
    except ValueError:
        raise NotUnderstood(f"{name}: use one of {', '.join(codes)}.") from None


def area(asked: Asked, name: str) -> str | None:
    """The key of a municipality or a district."""
    return _formed(asked, name, _AREA, "5 or 8 digits of the official key")


def language(asked: Asked, name: str) -> frozenset[str]:
    """The code of a language."""
    given = _formed(asked, name, _LANGUAGE, "an ISO 639 code, as de or tr")
    return frozenset() if given is None else frozenset({given})


def identifier(asked: Asked, name: str) -> str | None:
    """A UUID, in small letters."""
    given = asked.get(name)
    if given is not None and not ids.is_id(given):
        raise NotUnderstood(f"{name}: give a UUID.")
    return None if given is None else given.lower()


def flag(asked: Asked, name: str) -> bool:
    """True or false; false if not given."""
    given = asked.get(name, "false").lower()
    if given not in ("true", "false"):
        raise NotUnderstood(f"{name}: give true or false.")
    return given == "true"


def moment(asked: Asked, name: str) -> datetime | None:
    """RFC 3339; without an offset it is UTC, and a `+` that became a blank is one again."""
    given = asked.get(name)
    if given is None:
        return None
    try:
        at = datetime.fromisoformat(_LOST_PLUS.sub(r"\1+\2", given))
        return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise NotUnderstood(f"{name}: give a date and time (RFC 3339).") from None


def _formed(asked: Asked, name: str, form: re.Pattern[str], said: str) -> str | None:
    given = asked.get(name)
    if given is not None and not form.fullmatch(given):
        raise NotUnderstood(f"{name}: give {said}.")
    return given


def _number(asked: Asked, name: str, default: int, most: int) -> int:
    given = asked.get(name)
    if given is None:
        return default
    if not _NUMBER.fullmatch(given) or int(given) > most:
        raise NotUnderstood(f"{name}: give a number from 1 to {most}.")
    return int(given)
