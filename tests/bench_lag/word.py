"""What is true of a scene, what a tool says of it, and whether that is right."""

from dataclasses import dataclass
from typing import Final

NOBODY: Final = "nobody"
"""Nobody in the group reads."""
STUCK: Final = "stuck"
"""Somebody is there and does not move; the record is named."""
BLOCKED: Final = "blocked"
"""An open transaction hides what lies behind it."""
LOST: Final = "lost"
"""Records were deleted unread."""
REWOUND: Final = "rewound"
"""The group went back."""
SILENT: Final = "silent"
"""A sender has fallen silent."""
BLIND: Final = "blind"
"""The broker does not answer."""


@dataclass(frozen=True, slots=True)
class Truth:
    """What is the case."""

    lag: int
    """How many records a `read_committed` reader would be given."""
    sign: str = ""
    """What is wrong; nothing: all is well, and whoever says otherwise cries wolf."""


@dataclass(frozen=True, slots=True)
class Word:
    """What a tool says of a group."""

    lag: int | None
    """None: it names the group and no number."""
    signs: frozenset[str] = frozenset()
    says: str = ""
    """In its own words."""

    @property
    def text(self) -> str:
        """Short, for a table."""
        lag = "no lag" if self.lag is None else f"lag {self.lag}"
        return ", ".join([lag, *sorted(self.signs)])


def is_right(word: Word | None, truth: Truth) -> bool:
    """Whether the number is true, and what is wrong is said, and nothing is said that is not so."""
    if word is None or word.lag != truth.lag:
        return False
    return truth.sign in word.signs if truth.sign else not word.signs
