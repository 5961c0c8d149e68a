"""The templates of one language, ready to be filled in."""

import re
from collections.abc import Callable, Mapping
from datetime import timedelta
from functools import cache
from typing import Final

from jinja2 import Environment, pass_context
from jinja2.runtime import Context
from markupsafe import Markup, escape

from hub.board.wording import ROOM, Wording, wording_of
from hub.board.words import text_of
from hub.language import Language
from hub.monitor.states import Severity, State
from hub.pages.templating import templates

CODE: Final = re.compile(r"`([^`]+)`")
NUMBERED: Final = re.compile(r"^\d+\.\s+", re.MULTILINE)
SIGNS: Final = {
    Severity.FINE: ("check", "good"),
    Severity.WARNING: ("clock", "hot"),
    Severity.ALARM: ("warn", "bad"),
}
"""The sign and the tone of what a state asks for."""


@cache
def environment(language: Language) -> Environment:
    """The templates with the words of a language."""
    wording = wording_of(language)
    made = templates(ROOM, wording)
    made.filters.update(_filters(wording))
    return made


def with_code(text: str) -> Markup:
    """The text with what stands between backquotes as code."""
    return Markup(CODE.sub(r"<code>\1</code>", str(escape(text))))  # noqa: S704 - escaped before


def numbered(runbook: str) -> list[Markup]:
    """The steps of a runbook without their numbers."""
    steps = (step.strip() for step in NUMBERED.split(runbook))
    return [with_code(step) for step in steps if step]


@pass_context
def party(context: Context, party: str) -> str:
    """A party's name for people; its id where it is not declared (any more)."""
    names: Mapping[str, str] = context["party_names"]
    return names.get(party, party)


@pass_context
def colleague(context: Context, clerk: str) -> str:
    """The name of an account; its id where nobody knows it."""
    name_of: Callable[[str], str | None] = context["name_of"]
    return name_of(clerk) or clerk


def _sign(state: State) -> tuple[str, str]:
    return ("way", "good") if state is State.OK else SIGNS[state.severity]


def _filters(wording: Wording) -> dict[str, object]:
    return {
        "at": wording.at,
        "clock": wording.clock,
        "code": lambda code: wording.text(text_of(code)),
        "colleague": colleague,
        "day": wording.day,
        "moment": wording.moment,
        "number": wording.number,
        "numbered": numbered,
        "party": party,
        "second": wording.second,
        "seconds": lambda seconds: wording.span(timedelta(seconds=seconds)),
        "sign": _sign,
        "span": wording.span,
        "state": wording.state,
        "with_code": with_code,
        "worked": wording.worked,
    }
