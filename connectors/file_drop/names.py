"""Names of files: which are not meant yet, and how none ever takes another's place."""

import hashlib
import os
from collections.abc import Callable
from itertools import count
from pathlib import PurePosixPath
from typing import Final

UNFINISHED: Final = (".tmp", ".part", ".partial", ".filepart", "~")
"""How names end while somebody is still writing."""
HIDDEN: Final = (".", "~$")
"""How names begin that are nobody's hand-in."""
REPORT: Final = ".report.jsonl"
REJECTED: Final = ".rejected"
MAX_NAME_BYTES: Final = 200
"""Longer names are cut, so that a report's name still fits (NAME_MAX is 255)."""


def is_meant(name: str) -> bool:
    """Whether a file of this name may be taken."""
    return not name.startswith(HIDDEN) and not name.lower().endswith(UNFINISHED)


def free_name(name: str, taken: Callable[[str], bool]) -> str:
    """The name, with a number before its ending if something of that name is there already."""
    name = _short(name)
    if not taken(name):
        return name
    stem, ending = _split(name)
    return next(numbered for nth in count(2) if not taken(numbered := f"{stem}.{nth}{ending}"))


def _short(name: str) -> str:
    if len(os.fsencode(name)) <= MAX_NAME_BYTES:
        return name
    stem, ending = _split(name)
    kept = os.fsdecode(os.fsencode(stem)[: MAX_NAME_BYTES - 40])
    return f"{kept}.{pseudonym(name)}{ending[:10]}"


def _split(name: str) -> tuple[str, str]:
    path = PurePosixPath(name)
    return path.stem, path.suffix


def pseudonym(name: str) -> str:
    """What stands in the log for a file's name, which may itself be personal.

    The first 12 hex digits of its SHA-256.
    """
    return hashlib.sha256(os.fsencode(name)).hexdigest()[:12]
