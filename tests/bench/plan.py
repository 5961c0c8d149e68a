"""How much is measured in a run."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from tests.bench.contenders import BY_NAME

SECTIONS: Final = ("latency", "memory", "startup", "growth-parties", "growth-workers")
EVERYTHING: Final = (*BY_NAME, *SECTIONS)
"""What `--only` can name."""
ROUNDS: Final = 3


@dataclass(frozen=True, slots=True)
class Plan:
    """A full run, unless said otherwise."""

    names: tuple[str, ...] = EVERYTHING
    rounds: int = ROUNDS
    events: int = 60_000
    """The backlog of each lap."""
    memory_events: int = 1_000_000
    latency_s: int = 20
    warm_up_s: int = 10
    quick: bool = False

    @property
    def is_complete(self) -> bool:
        """Whether its result may stand for the project."""
        return not self.quick and self.names == EVERYTHING


def planned(quick: bool, rounds: int | None, only: Sequence[str]) -> Plan:  # noqa: FBT001 - an option
    """What was asked for on the command line."""
    names = tuple(name for name in EVERYTHING if name in only) or EVERYTHING
    if quick:
        return Plan(names, rounds or 1, 20_000, 20_000, 6, 4, quick=True)
    return Plan(names, rounds or ROUNDS)
