"""What every format hands over: the lines of a file as events or problems, in their order."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, Final, Protocol

from schemas.data import Data
from schemas.envelope import Event
from schemas.problems import Problem, ProblemCode, problem

MAX_LINE_BYTES: Final = 1024 * 1024
"""What a line, a row or a move may weigh; what is longer is refused without being loaded."""
BOM: Final = b"\xef\xbb\xbf"
_UTF16: Final = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True, slots=True)
class Place:
    """A place between two lines of a file, where reading can begin again."""

    offset: int = 0
    """How much lies before it: bytes; in XML, moves."""
    line: int = 0
    """How many lines lie before it, as an editor counts them."""


@dataclass(frozen=True, slots=True)
class Line:
    """What stands in one line, row or move: an event, or why it is none."""

    number: int
    """The line it begins in, counted from 1."""
    after: Place
    """Where the next one begins."""
    size: int
    """How many bytes it takes up."""
    event: Event[Data] | None = None
    findings: tuple["Finding", ...] = ()
    raw: bytes = b""
    """A bad line itself, to be given back; empty if it is too long to be loaded."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A problem, and the column it came from where there are columns."""

    problem: Problem
    column: str | None = None
    """The name declared in the mapping, never what stands in the file's header."""


class FileRefused(Exception):
    """The file cannot be read as a whole; nothing in it is an event."""

    def __init__(
        self, detail: str, line: int = 1, code: ProblemCode = ProblemCode.VALUE_UNREADABLE
    ) -> None:
        """Keep why, in words without any content, and the line where it shows."""
        super().__init__(detail)
        self.problem = problem(code, detail)
        self.line = line


class Format(Protocol):
    """A file in one of the formats, open for reading."""

    @property
    def name(self) -> str:
        """`jsonl`, `csv` or `xml`."""

    @property
    def head(self) -> bytes:
        """What stands before the lines given back, so that they can be corrected and dropped."""

    @property
    def tail(self) -> bytes:
        """What stands after them."""

    def check(self) -> Iterator[None]:
        """Look at the whole file before any of it goes; raises FileRefused."""

    def read(self, place: Place) -> Iterator[Line | None]:
        """The lines from there on; None while the next is not found yet; raises FileRefused."""


def refuse_utf16(stream: BinaryIO) -> None:
    """Raise FileRefused for Excel's "Unicode text"."""
    stream.seek(0)
    if stream.read(2) in _UTF16:
        raise FileRefused("The file is UTF-16; save it as UTF-8.")


def fault_of_bytes(raw: bytes) -> Finding | None:
    """Why these bytes are no text, if they are none."""
    if b"\0" in raw:
        return Finding(problem(ProblemCode.VALUE_UNREADABLE, "The line has NUL bytes in it."))
    try:
        raw.decode()
    except UnicodeDecodeError:
        detail = "The line is not UTF-8, perhaps Windows-1252; save the file as UTF-8."
        return Finding(problem(ProblemCode.VALUE_UNREADABLE, detail))
    return None


TOO_LONG: Final = Finding(
    problem(ProblemCode.EVENT_TOO_LARGE, "The line is longer than 1 MiB; it was not loaded.")
)
