"""The catalogues of words: gettext's `.po` files, read when the pages start.

Each room of pages has its own: `locale/<language>/LC_MESSAGES/<room>.po`.
"""

from importlib import resources
from io import BytesIO

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations

from hub.language import Language


def domain_of(room: str) -> str:
    """What a room's catalogues are called: `web` of `hub.web`."""
    return room.rpartition(".")[2]


def read_catalogue(room: str, language: Language) -> Catalog:
    """The catalogue of a room, as it stands in its file."""
    domain = domain_of(room)
    file = resources.files(room) / "locale" / language / "LC_MESSAGES" / f"{domain}.po"
    with file.open("rb") as opened:
        return read_po(opened, locale=language, domain=domain)


def translations(room: str, language: Language) -> Translations:
    """The catalogue, ready to be asked for words."""
    compiled = BytesIO()
    write_mo(compiled, read_catalogue(room, language))
    compiled.seek(0)
    return Translations(compiled, domain=domain_of(room))
