"""The catalogues have every text of the pages, and no other."""

import itertools
import re

import pytest

from hub.language import Language
from hub.pages.catalogues import read_catalogue
from tests.support import catalogues

PLACE = re.compile(r"%\((\w+)\)s")
BOTH = tuple(itertools.product(catalogues.ROOMS, Language))
HOW = "bring them up to date with: .venv/bin/python -m tests.support.catalogues"


@pytest.mark.parametrize(("room", "language"), BOTH)
def test_every_text_is_there_and_no_other(room: str, language: Language) -> None:
    """What the sources say stands in the catalogue; what they no longer say does not."""
    said = {message.id for message in catalogues.sources(room) if message.id}
    kept = {message.id for message in read_catalogue(room, language) if message.id}

    assert said - kept == set(), HOW
    assert kept - said == set(), HOW


@pytest.mark.parametrize(("room", "language"), BOTH)
def test_every_text_has_its_words(room: str, language: Language) -> None:
    """Nothing is left to be translated, and nothing is only guessed."""
    unsaid = [
        message.id
        for message in read_catalogue(room, language)
        if message.id and (not all(_forms(message.string)) or message.fuzzy)
    ]

    assert unsaid == []


@pytest.mark.parametrize(("room", "language"), BOTH)
def test_every_place_is_filled(room: str, language: Language) -> None:
    """A translation has the same places for values as the text, or the page would break."""
    for message in read_catalogue(room, language):
        if not message.id:
            continue
        places = set(PLACE.findall(_forms(message.id)[-1]))
        for form in _forms(message.string):
            assert set(PLACE.findall(form)) <= places, message.id
            assert "%" not in PLACE.sub("", form).replace("%%", ""), message.id
        assert set(PLACE.findall(_forms(message.string)[-1])) == places, message.id


@pytest.mark.parametrize("room", catalogues.ROOMS)
def test_clerks_are_spoken_to_as_sie(room: str) -> None:
    """Nobody is called du; ß and umlauts are as they are written in Germany."""
    for message in read_catalogue(room, Language.GERMAN):
        for form in _forms(message.string):
            assert not re.search(r"\b([Dd]u|[Dd]ich|[Dd]ein\w*|[Dd]ir)\b", form), form


def _forms(text: str | tuple[str, ...] | list[str] | None) -> tuple[str, ...]:
    return (text or "",) if isinstance(text, str | None) else tuple(text)
