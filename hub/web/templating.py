"""The templates of one language, ready to be filled in."""

from functools import cache

from jinja2 import Environment

from hub.language import Language
from hub.pages.templating import templates
from hub.web.filters import around, said_by
from hub.web.wording import ROOM, wording_of


@cache
def environment(language: Language) -> Environment:
    """The templates with the words of a language."""
    wording = wording_of(language)
    made = templates(ROOM, wording)
    made.filters.update(said_by(wording) | around(wording))
    return made
