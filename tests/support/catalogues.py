"""The texts of the pages as their sources say them, and the catalogues brought up to them.

`.venv/bin/python -m tests.support.catalogues` writes the catalogues anew: what is new stands in
the German one without words, to be filled in by hand; English words are those of the sources.
"""

from pathlib import Path
from typing import Final

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

WEB: Final = Path("hub/web")
METHODS: Final = [("templates/**.html", "jinja2"), ("**.py", "python")]
OPTIONS: Final = {"templates/**.html": {"trimmed": "true", "silent": "false"}}
KEYWORDS: Final = {"N_": None, "_": None, "gettext": None, "ngettext": (1, 2), "count": (1, 2)}
LANGUAGES: Final = ("de", "en")


def path(language: str) -> Path:
    """Where a catalogue lies."""
    return WEB / "locale" / language / "LC_MESSAGES" / "web.po"


def read(language: str) -> Catalog:
    """A catalogue as it lies there."""
    with path(language).open("rb") as opened:
        return read_po(opened, locale=language, domain="web")


def sources() -> Catalog:
    """Every text in the sources, with where it stands."""
    found = Catalog(domain="web", fuzzy=False)
    texts = extract_from_dir(WEB, METHODS, OPTIONS, KEYWORDS)
    for file, _line, message, _comments, context in texts:
        found.add(message, locations=[(f"hub/web/{file}", 0)], context=context)
    return found


def write_all() -> None:
    """Bring both catalogues up to the sources."""
    for language in LANGUAGES:
        file = path(language)
        catalogue = read(language) if file.exists() else Catalog(language, domain="web")
        catalogue.update(sources(), no_fuzzy_matching=True)
        catalogue.obsolete.clear()
        for message in catalogue:
            if language == "en" and message.id and not _is_filled(message.string):
                message.string = message.id
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("wb") as opened:
            write_po(opened, catalogue, 100, no_location=True, sort_output=True, omit_header=True)


def _is_filled(string: object) -> bool:
    return all(string) if isinstance(string, tuple | list) else bool(string)


if __name__ == "__main__":
    write_all()
