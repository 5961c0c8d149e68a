"""The templates of one language, ready to be filled in."""

from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from hub.web.filters import around, said_by
from hub.web.languages import Language
from hub.web.wording import wording_of


@cache
def environment(language: Language) -> Environment:
    """The templates with the words of a language; everything that is written out is escaped."""
    wording = wording_of(language)
    made = Environment(
        loader=PackageLoader("hub.web", "templates"),
        autoescape=True,
        auto_reload=False,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    gettext: Any = made
    gettext.install_gettext_translations(wording.catalogue, newstyle=True)
    made.filters.update(said_by(wording) | around(wording))
    return made
