"""The chain: each row holds the digest of the row before it, so that no row changes unnoticed.

What no chain shows by itself is that its end was cut off, or that all of it was written anew. So
the head, number and digest of the newest row, is told elsewhere, and held against the chain later.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Iterator
from enum import StrEnum
from typing import Final, NamedTuple

from hub.audit.act import Act

_HEAD: Final = re.compile(r"(?<![0-9a-zA-Z])([1-9][0-9]{0,17}):([0-9a-f]{64})(?![0-9a-zA-Z])")


class Head(NamedTuple):
    """The newest row of a chain, as it is told elsewhere."""

    number: int
    hash: str

    def __str__(self) -> str:
        """One word: `17:3f9a…`."""
        return f"{self.number}:{self.hash}"


BEGINNING: Final = Head(0, "0" * 64)
"""Before the first row."""


class Row(NamedTuple):
    """One act in the chain, as it is kept: every part but the number is a text."""

    number: int
    """1, 2, 3 and so on, without a gap."""
    at: str
    """When it was written down (RFC 3339, UTC, microseconds)."""
    who: str
    role: str
    party: str
    did: str
    about: str
    reason: str
    previous: str
    """The digest of the row before; of the first 64 zeros."""
    hash: str
    """SHA-256 of all the others as JSON (RFC 8785), in hexadecimal digits."""

    @property
    def head(self) -> Head:
        """This row as the end of a chain."""
        return Head(self.number, self.hash)


class Flaw(StrEnum):
    """What is wrong with a chain."""

    CHANGED = "row-changed"
    """Its digest is not that of what stands there."""
    MISSING = "row-missing"
    """Its number is not there."""
    ADDED = "row-added"
    """Its number was there already."""
    UNLINKED = "link-broken"
    """It does not hold the digest of the row before."""
    REPLACED = "head-changed"
    """Its digest was told elsewhere, and was another."""
    CUT = "head-missing"
    """A row was told elsewhere that is not there: the end was cut off."""


class Broken(NamedTuple):
    """The first place where a chain does not hold."""

    number: int
    flaw: Flaw


class Verdict(NamedTuple):
    """What came of looking at a chain."""

    rows: int
    """How many rows hold, from the first on."""
    head: Head
    """The last that holds."""
    told: int
    """How many heads told elsewhere were found in it."""
    broken: Broken | None


def digest(row: Row) -> str:
    """The digest of a row's content and its place; of anything that could stand there."""
    said = row._asdict()
    del said["hash"]
    text = json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=repr)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def linked(act: Act, at: str, head: Head) -> Row:
    """The act as the next row of a chain that ends with `head`."""
    said = (act.who, act.role, act.party, act.did.value, act.about, act.reason)
    row = Row(head.number + 1, at, *said, previous=head.hash, hash="")
    return row._replace(hash=digest(row))


def verify(rows: Iterable[Row], told: Iterable[Head] = ()) -> Verdict:
    """Whether these rows are one whole chain, in which every head stands that was told."""
    heads: dict[int, set[str]] = {}
    for one in told:
        heads.setdefault(one.number, set()).add(one.hash)
    head, met = BEGINNING, 0
    for row in rows:
        flaw = _flaw(row, head, heads.get(row.number, set()))
        if flaw is not None:
            number = head.number + 1 if flaw is Flaw.MISSING else row.number
            return Verdict(head.number, head, met, Broken(number, flaw))
        head, met = row.head, met + len(heads.pop(row.number, ()))
    cut = Broken(head.number + 1, Flaw.CUT) if heads else None
    return Verdict(head.number, head, met, cut)


def _flaw(row: Row, before: Head, told: set[str]) -> Flaw | None:
    if row.number != before.number + 1:
        return Flaw.MISSING if row.number > before.number else Flaw.ADDED
    if digest(row) != row.hash:
        return Flaw.CHANGED
    if row.previous != before.hash:
        return Flaw.UNLINKED
    return Flaw.REPLACED if told - {row.hash} else None


def heads_in(text: str) -> Iterator[Head]:
    """Every head that stands in a text: a log, a mail, the output of `hub audit head`."""
    for number, hash_ in _HEAD.findall(text):
        yield Head(int(number), hash_)
