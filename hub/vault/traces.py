"""Looks for a person in files: by what stood of them in the events of a subject."""

import json
import mmap
from collections.abc import Iterable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Final, NamedTuple

from schemas.data import Data
from schemas.erasure import personal

OWN: Final = frozenset({"client_id", "given_names", "birth_date", "phone", "email", "note"})
"""What tells a person from the others of their household: not the name, not the address."""
SHORTEST: Final = 4
"""A shorter value stands everywhere and proves nothing."""
ENOUGH: Final = 24
"""So long a value is the person's alone."""
NEAR: Final = 600
"""Two such values so near to each other, in bytes, are that person."""


class Trace(NamedTuple):
    """A value of a person as it stands in files."""

    field: str
    form: bytes


def traces(events: Iterable[Data]) -> frozenset[Trace]:
    """What stands in these events of a person alone."""
    found: set[Trace] = set()
    for data in events:
        for field, value in personal(data):
            text = str(value)
            if field in OWN and len(text) >= SHORTEST:
                forms = {text.encode(), json.dumps(text)[1:-1].encode()}
                found |= {Trace(field, form) for form in forms}
    return frozenset(found)


def shows(content: "bytes | mmap.mmap", sought: Iterable[Trace]) -> bool:
    """Whether a person stands in it: one long value, or two of them near each other."""
    places = sorted((at, one) for one in sought for at in _found(content, one.form))
    return any(len(one.form) >= ENOUGH for _, one in places) or any(
        one.field != other.field and next_at - at <= NEAR
        for (at, one), (next_at, other) in pairwise(places)
    )


def files_with(places: Iterable[Path], sought: frozenset[Trace]) -> Iterator[Path]:
    """The files, these or in these folders, in which the person stands in plain."""
    for place in places:
        files = [place] if place.is_file() else sorted(place.rglob("*"))
        for file in files:
            if file.is_file() and not file.is_symlink() and _shows(file, sought):
                yield file


def _shows(file: Path, sought: frozenset[Trace]) -> bool:
    with file.open("rb") as opened:
        if not file.stat().st_size:
            return False
        with mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ) as content:
            return shows(content, sought)


def _found(content: "bytes | mmap.mmap", form: bytes) -> Iterator[int]:
    at = content.find(form)
    while at >= 0:
        yield at
        at = content.find(form, at + 1)
