"""What a password must be (NIST SP 800-63B, 5.1.1.2): long, and not easy to guess."""

import re
import unicodedata
from collections.abc import Callable, Sequence
from enum import StrEnum
from typing import Final

SHORTEST: Final = 12
LONGEST: Final = 128
"""Characters; more would only make the hashing slow."""
FEWEST_DIFFERENT: Final = 6
SHORTEST_PART: Final = 3
"""A shorter part of a name stands in many words."""
COMMON: Final = frozenset(
    {
        "abcdefghijkl", "admin", "administrator", "arbeit", "begruessung", "buergergeld",
        "computer", "darmstadt", "dieburg", "eppertshausen", "fallmanagement", "geheim",
        "gemeinde", "hallo", "herbst", "iloveyou", "jobcenter", "kranichstein", "kreisagentur",
        "kurzewege", "landkreis", "letmein", "passwort", "password", "qwertz", "qwertzuiop",
        "qwerty", "qwertyuiop", "rathaus", "schatz", "sommer", "start", "welcome", "willkommen",
        "winter", "fruehling",
    }
)  # fmt: skip
"""Words that everybody tries first, and those of this house."""
WALKS: Final = ("abcdefghijklmnopqrstuvwxyz", "01234567890", "qwertzuiopasdfghjkl", "qwertyuiop")
"""Rows of keys and letters that fingers walk along."""
_FOLDED: Final = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "0": "o", "1": "i", "3": "e", "4": "a", "5": "s"}
    | {"$": "s", "@": "a"}
)


LETTERS: Final = "abcdefghijkmnpqrstuvwxyz23456789"
"""32 that are not mistaken for each other."""
GROUPS: Final = 4
GROUP: Final = 5


class Weakness(StrEnum):
    """Why a password is not taken; the pages and the command say it in words."""

    TOO_SHORT = "too-short"
    TOO_LONG = "too-long"
    LIKE_THE_NAME = "like-the-name"
    EASY_TO_GUESS = "easy-to-guess"


def normal(password: str) -> str:
    """The password as it is hashed: the same whatever keyboard wrote it (NFKC)."""
    return unicodedata.normalize("NFKC", password)


def weaknesses(password: str, names: Sequence[str]) -> tuple[Weakness, ...]:
    """What is wrong with it, for the account with these names; empty: nothing."""
    text = normal(password)
    found: list[Weakness] = []
    if len(text) < SHORTEST:
        found.append(Weakness.TOO_SHORT)
    if len(text) > LONGEST:
        found.append(Weakness.TOO_LONG)
    if any(len(part) >= SHORTEST_PART and part in text.casefold() for part in _parts(names)):
        found.append(Weakness.LIKE_THE_NAME)
    if _is_easy(text.casefold()):
        found.append(Weakness.EASY_TO_GUESS)
    return tuple(found)


def generated(chance: Callable[[int], bytes]) -> str:
    """A password of 100 random bits in groups, to be passed on and changed at once."""
    letters = [LETTERS[byte % len(LETTERS)] for byte in chance(GROUPS * GROUP)]
    return "-".join("".join(letters[n : n + GROUP]) for n in range(0, GROUPS * GROUP, GROUP))


def _parts(names: Sequence[str]) -> set[str]:
    return {part for name in names for part in re.split(r"[^\w]+", name.casefold())}


def _is_easy(text: str) -> bool:
    if len(set(text)) < FEWEST_DIFFERENT:
        return True
    if any(_walked(text, walk) * 2 >= len(text) for walk in WALKS):
        return True
    words = {_word(text), _word(_inside(text).translate(_FOLDED))}
    return any(_once(word) in COMMON for word in words)


def _inside(text: str) -> str:
    """Without the digits and signs at both ends: the year, the exclamation mark."""
    return re.sub(r"^[\W\d_]+|[\W\d_]+$", "", text)


def _word(text: str) -> str:
    """Its letters."""
    return re.sub(r"[\W\d_]+", "", text)


def _once(word: str) -> str:
    """A word that is only repeated, once."""
    for size in range(1, len(word) // 2 + 1):
        if len(word) % size == 0 and word[:size] * (len(word) // size) == word:
            return word[:size]
    return word


def _walked(text: str, walk: str) -> int:
    """How many characters of it are the longest step along this row, there or back."""
    longest = 0
    for row in (walk, walk[::-1]):
        for start in range(len(text)):
            size = longest + 1
            while start + size <= len(text) and text[start : start + size] in row:
                longest = size
                size += 1
    return longest
