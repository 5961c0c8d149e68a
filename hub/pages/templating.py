"""Templates, ready to be filled in: everything that is written out is escaped."""

from typing import Any

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined

from hub.pages.static import SHARED
from hub.pages.wording import Wording


def templates(room: str, wording: Wording) -> Environment:
    """The templates of a room and those that all pages share, with the words of a language."""
    made = Environment(
        loader=ChoiceLoader([PackageLoader(room, "templates"), PackageLoader(SHARED, "templates")]),
        autoescape=True,
        auto_reload=False,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    gettext: Any = made
    gettext.install_gettext_translations(wording.catalogue, newstyle=True)
    return made
