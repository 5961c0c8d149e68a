"""Forms as they were sent: what was typed is kept, what is wrong is said beside its field."""

from collections.abc import Awaitable, Callable, Collection, Mapping
from datetime import date, datetime, time
from enum import StrEnum
from typing import Final, TypeVar

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from hub.pages.marking import N_

MOST_FIELDS: Final = 300
CHOOSE: Final = N_("Choose one of the entries.")
GIVE_DAY: Final = N_("Give a day, such as 25.11.2026.")
GIVE_TIME: Final = N_("Give a time, such as 14:30.")
GIVE_NUMBER: Final = N_("Give a whole number, 0 or more.")
TOO_LONG: Final = N_("This is too long.")
_DAYS: Final = ("%Y-%m-%d", "%d.%m.%Y")
_TIMES: Final = ("%H:%M", "%H:%M:%S", "%H.%M")

Code = TypeVar("Code", bound=StrEnum)
Value = TypeVar("Value")
Handler = Callable[[Request, FormData], Response]


def posted(handler: Handler) -> Callable[[Request], Awaitable[Response]]:
    """The endpoint of a form: read here, handled beside the event loop."""

    async def endpoint(request: Request) -> Response:
        async with request.form(max_files=0, max_fields=MOST_FIELDS) as sent:
            return await run_in_threadpool(handler, request, sent)

    return endpoint


class Form:
    """A form that is being filled in. Each reading notes what is wrong, in the form's order."""

    def __init__(self, typed: FormData | Mapping[str, str] | None = None) -> None:
        """With what was typed; empty for a fresh form."""
        self._typed = typed if isinstance(typed, FormData) else FormData(typed or {})
        self.problems: dict[str, str] = {}
        """What is wrong with which field: a text of the catalogues."""

    def __getitem__(self, name: str) -> str:
        """What was typed; an empty text where nothing was."""
        typed = self._typed.get(name)
        return typed.strip() if isinstance(typed, str) else ""

    def all(self, name: str) -> list[str]:
        """Everything that was ticked under this name."""
        return [each for each in self._typed.getlist(name) if isinstance(each, str)]

    def wrong(self, name: str, problem: str) -> None:
        """Note what is wrong; the first that is noted of a field stands."""
        self.problems.setdefault(name, problem)

    def text(self, name: str, most: int, needed: str | None = None) -> str | None:
        """One text; `needed` is what to say where it is missing."""
        typed = self[name].replace("\r\n", "\n")
        if not typed:
            self._missing(name, needed)
            return None
        if len(typed) > most:
            self.wrong(name, TOO_LONG)
            return None
        return typed

    def choice(
        self, name: str, options: Collection[Code], needed: str | None = None
    ) -> Code | None:
        """One of the codes offered; whatever was not offered is refused."""
        if not self[name]:
            self._missing(name, needed)
            return None
        return self._one_of(name, {option.value: option for option in options})

    def pick(self, name: str, options: Collection[str], needed: str | None = None) -> str | None:
        """One of the texts offered."""
        if not self[name]:
            self._missing(name, needed)
            return None
        return self._one_of(name, {option: option for option in options})

    def day(self, name: str, needed: str | None = None) -> date | None:
        """A day, as the browser's own field writes it or as people do."""
        if not self[name]:
            self._missing(name, needed)
            return None
        found = _read(self[name], _DAYS)
        if found is None:
            self.wrong(name, GIVE_DAY)
            return None
        return found.date()

    def clock(self, name: str, needed: str | None = None) -> time | None:
        """A time of the day."""
        if not self[name]:
            self._missing(name, needed)
            return None
        found = _read(self[name], _TIMES)
        if found is None:
            self.wrong(name, GIVE_TIME)
            return None
        return found.time()

    def number(self, name: str) -> int | None:
        """A whole number that is not negative."""
        if not self[name]:
            return None
        if not (self[name].isascii() and self[name].isdigit() and len(self[name]) < 7):  # noqa: PLR2004 - a million is too many of anything
            self.wrong(name, GIVE_NUMBER)
            return None
        return int(self[name])

    def _missing(self, name: str, needed: str | None) -> None:
        if needed is not None:
            self.wrong(name, needed)

    def _one_of(self, name: str, options: Mapping[str, Value]) -> Value | None:
        found = options.get(self[name])
        if found is None:
            self.wrong(name, CHOOSE)
        return found


def _read(typed: str, forms: Collection[str]) -> datetime | None:
    for form in forms:
        try:
            return datetime.strptime(typed, form)  # noqa: DTZ007 - a day or a time, no moment yet
        except ValueError:
            continue
    return None
