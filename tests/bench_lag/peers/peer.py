"""A tool that says how far groups are behind: started, asked, ended."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from tests.bench_lag.word import Word


class Peer(Protocol):
    """One tool."""

    @property
    def name(self) -> str:
        """As in the result."""

    @property
    def version(self) -> str:
        """Which one was asked."""

    def ask(self, groups: Sequence[str]) -> Mapping[str, Word]:
        """What it says of each group; one it does not name is not there. Raises NotThere."""
