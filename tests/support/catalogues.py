"""The texts of the pages as their sources say them, and the catalogues brought up to them.

`.venv/bin/python -m tests.support.catalogues` writes the catalogues anew: what is new stands in
the German one without words, to be filled in by hand; English words are those of the sources.
"""

import itertools
from pathlib import Path
from typing import Final

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from hub.pages.catalogues import domain_of

SHARED: Final = (Path("hub/pages"), Path("hub/entry"))
ROOMS: Final = ("hub.web", "hub.board")
"""Those that have words of their own; each has the shared ones as well."""
METHODS: Final = [("templates/**.html", "jinja2"), ("**.py", "python")]
OPTIONS: Final = {"templates/**.html": {"trimmed": "true", "silent": "false"}}
KEYWORDS: Final = {"N_": None, "_": None, "gettext": None, "ngettext": (1, 2), "count": (1, 2)}
LANGUAGES: Final = ("de", "en")


def path(room: str, language: str) -> Path:
    """Where a catalogue lies."""
    return _folder(room) / "locale" / language / "LC_MESSAGES" / f"{domain_of(room)}.po"


def sources(room: str) -> Catalog:
    """Every text in the sources of a room, and of what all pages share."""
    found = Catalog(domain=domain_of(room), fuzzy=False)
    for folder in (*SHARED, _folder(room)):
        for file, _line, message, _comments, context in extract_from_dir(
            folder, METHODS, OPTIONS, KEYWORDS
        ):
            found.add(message, locations=[(f"{folder}/{file}", 0)], context=context)
    return found


def write_all() -> None:
    """Bring all catalogues up to the sources."""
    for room, language in itertools.product(ROOMS, LANGUAGES):
        file = path(room, language)
        catalogue = Catalog(language, domain=domain_of(room))
        if file.exists():
            with file.open("rb") as opened:
                catalogue = read_po(opened, locale=language, domain=domain_of(room))
        catalogue.update(sources(room), no_fuzzy_matching=True)
        catalogue.obsolete.clear()
        for message in catalogue:
            if language == "en" and message.id and not _is_filled(message.string):
                message.string = message.id
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("wb") as opened:
            write_po(opened, catalogue, 100, no_location=True, sort_output=True, omit_header=True)


def _folder(room: str) -> Path:
    return Path(room.replace(".", "/"))


def _is_filled(string: object) -> bool:
    return all(string) if isinstance(string, tuple | list) else bool(string)


if __name__ == "__main__":
    write_all()
