"""How far a file has been taken: what the next process must know if this one ends."""

import json
from dataclasses import asdict, dataclass, replace
from typing import Self

from connectors.file_drop.reading import Place


@dataclass(frozen=True, slots=True)
class Journal:
    """Everything up to here has been acknowledged or reported."""

    size: int
    """The file's bytes when it was taken."""
    digest: str = ""
    """SHA-256 of its content, where its format needs ids."""
    checked: bool = False
    """Whether it was looked at as a whole."""
    offset: int = 0
    line: int = 0
    lines: int = 0
    """How many lines, rows or moves were read."""
    events: int = 0
    """How many of them were events."""
    refused: int = 0
    """How many of them were not."""
    report_bytes: int = 0
    rejected_bytes: int = 0

    @property
    def place(self) -> Place:
        """Where to go on."""
        return Place(self.offset, self.line)

    def past(self, place: Place, *, events: int = 0, refused: int = 0) -> Self:
        """The same, that much further."""
        return replace(
            self,
            offset=place.offset,
            line=place.line,
            lines=self.lines + events + refused,
            events=self.events + events,
            refused=self.refused + refused,
        )

    def to_bytes(self) -> bytes:
        """As it is kept."""
        return json.dumps(asdict(self)).encode()

    @classmethod
    def from_bytes(cls, kept: bytes) -> Self | None:
        """As it was kept; None if it cannot be read, so that the file is taken from its start."""
        try:
            return cls(**json.loads(kept))
        except (ValueError, TypeError):
            return None
