"""A day of the district as it lies in a folder: files, posts, and what must become of each."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, Final, Literal, NamedTuple

from hub.errors import UsageError
from schemas.model import Frozen
from schemas.problems import ProblemCode

POSTS: Final = "posts.jsonl"
_DATE: Final = re.compile(r"\{\{(day|tag)([+-][0-9]{1,3})?\}\}")
_FORMS: Final = {"day": "%Y-%m-%d", "tag": "%d.%m.%Y"}


class Place(NamedTuple):
    """Where an event was handed in."""

    file: str
    """Below the day's folder: `files/<party>/<name>`, or `posts.jsonl`."""
    line: int
    """Counted from 1."""


class Told(Frozen):
    """An event of the day, and where it stands."""

    party: str
    source: str
    id: str
    type: str
    """On the wire, in its newest version."""
    subject: str
    file: str
    line: int
    round: int

    @property
    def place(self) -> Place:
        """Where it was handed in."""
        return Place(self.file, self.line)


class Said(Frozen):
    """Something the hub says by itself because of an event of the day."""

    party: str
    type: str
    """Without version."""
    subject: str
    certain: bool
    """Whether it must be said; else it may be: two things of one round meet in any order."""


class Good(Told):
    """An event that must reach its recipients."""

    recipients: tuple[str, ...]
    handover_to: str | None = None
    """Who also gets a `handover.opened` because of it."""
    without_address: tuple[str, ...] = ()
    """Whose copy must not show the address."""
    said: tuple[Said, ...] = ()
    """What the hub says of offers because of it."""


class Planted(Told):
    """An event with a fault."""

    kind: str
    at: Literal["door", "hub"]
    """Where it must be refused."""
    code: ProblemCode | None
    """Why; None: it was sent before, so its receipt must be repeated."""


class Expected(Frozen):
    """What must become of a day."""

    seed: int
    rounds: int
    events: tuple[Good, ...]
    faults: tuple[Planted, ...]

    def told(self) -> Iterator[Told]:
        """Every event, good and faulty."""
        yield from self.events
        yield from self.faults


@dataclass(frozen=True, slots=True)
class HandIn:
    """A file on its way into a party's folder."""

    name: str
    """Below the day's folder: `files/<party>/<name>`."""
    party: str
    round: int
    text: str


@dataclass(frozen=True, slots=True)
class Post:
    """A request on its way to the HTTP door."""

    line: int
    """In `posts.jsonl`, counted from 1."""
    party: str
    round: int
    mode: Literal["structured", "binary", "batch"]
    events: tuple[dict[str, Any], ...]


@dataclass(frozen=True, slots=True)
class Sample:
    """A day, its dates filled in."""

    files: tuple[HandIn, ...]
    posts: tuple[Post, ...]
    expected: Expected


def load(day: date, folder: Path | None = None) -> Sample:
    """The day in this folder, or the one that comes with the hub, as if it were `day`.

    Raises UsageError when the folder holds no day.
    """
    root: Traversable = folder or resources.files("hub.demo") / "day"
    try:
        expected = Expected.model_validate_json((root / "expected.json").read_bytes())
        posts = (root / POSTS).read_text("utf-8")
        rounds = {told.file: told.round for told in expected.told()}
        files = [
            HandIn(name, name.split("/")[1], number, filled(_text(root, name), day))
            for name, number in sorted(rounds.items())
            if name != POSTS
        ]
    except (OSError, ValueError, IndexError) as error:
        what = f"There is no day in this folder ({type(error).__name__})."
        raise UsageError(what, where=str(folder)) from None
    return Sample(tuple(files), tuple(_posts(filled(posts, day))), expected)


def filled(text: str, day: date) -> str:
    """The text with `{{day-3}}` and `{{tag-3}}` as dates, ISO and German, seen from `day`."""

    def write(match: re.Match[str]) -> str:
        return (day + timedelta(days=int(match[2] or 0))).strftime(_FORMS[match[1]])

    return _DATE.sub(write, text)


def _text(root: Traversable, name: str) -> str:
    # Decoded from bytes: line ends and the byte order mark stay as their system wrote them.
    return root.joinpath(*name.split("/")).read_bytes().decode()


def _posts(text: str) -> Iterator[Post]:
    for line, request in enumerate(text.splitlines(), 1):
        said = json.loads(request)
        yield Post(line, said["party"], said["round"], said["mode"], tuple(said["events"]))
