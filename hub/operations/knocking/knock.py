"""How a probe is handed in at a door."""

from typing import Protocol

from schemas.data import Data
from schemas.envelope import Event


class Knock(Protocol):
    """How a probe is handed in at one door."""

    def hand_in(self, event: Event[Data]) -> str:
        """Hand it in; empty if the door took it, or will find it, else what stands against it."""

    def objection(self, event: Event[Data]) -> str:
        """What the door has said against it since then; empty: nothing."""

    def tidy(self, event: Event[Data]) -> None:
        """Take back what was not taken, and what is left of it."""

    def close(self) -> None:
        """Let go of the door."""
