"""Runs an attack on chance's inputs."""

from collections.abc import Callable
from typing import Final

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

IN_CI: Final = 40
Attack = Callable[[st.DataObject], None]


def attacked(attack: Attack, examples: int = IN_CI, chance: int | None = None) -> None:
    """Raise what went wrong, with the smallest input that shows it; nothing is kept on disk."""
    limits = settings(
        max_examples=examples,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        phases=(Phase.explicit, Phase.generate, Phase.shrink),
    )

    def one(data: st.DataObject) -> None:
        attack(data)

    run = limits(given(st.data())(one))
    (run if chance is None else seed(chance)(run))()
