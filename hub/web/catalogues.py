"""The catalogues of words: gettext's `.po` files, read when the pages start."""

from importlib import resources
from io import BytesIO
from typing import Final

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations

from hub.web.languages import Language

DOMAIN: Final = "web"


def read_catalogue(language: Language) -> Catalog:
    """The catalogue as it stands in its file."""
    file = resources.files("hub.web") / "locale" / language / "LC_MESSAGES" / f"{DOMAIN}.po"
    with file.open("rb") as opened:
        return read_po(opened, locale=language, domain=DOMAIN)


def translations(language: Language) -> Translations:
    """The catalogue, ready to be asked for words."""
    compiled = BytesIO()
    write_mo(compiled, read_catalogue(language))
    compiled.seek(0)
    return Translations(compiled, domain=DOMAIN)
