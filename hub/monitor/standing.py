"""How readers stand, several taken together: the worst state, the oldest that waits."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import NamedTuple

from hub.monitor.snapshot import Row
from hub.monitor.states import Severity, State


class Standing(NamedTuple):
    """How one reader, or all of one kind, stand."""

    name: str
    """The group, or the topic without the prefix."""
    state: State
    """The worst of them."""
    waiting: int
    oldest_at: datetime | None
    """Since when the oldest of what waits does so."""
    members: int


def standings(rows: Iterable[Row], name: Callable[[Row], str]) -> tuple[Standing, ...]:
    """The rows of each name together, by name."""
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(name(row), []).append(row)
    return tuple(
        Standing(
            name=one,
            state=worst(its),
            waiting=sum(row.lag for row in its),
            oldest_at=oldest(its),
            members=max(row.members for row in its),
        )
        for one, its in sorted(found.items())
    )


def oldest(rows: Iterable[Row]) -> datetime | None:
    """Since when the oldest of what waits for them does so."""
    return min((row.oldest_at for row in rows if row.oldest_at), default=None)


def worst(rows: Iterable[Row]) -> State:
    """The state that asks most; among equals the one that is later in the list of states."""
    order, weight = list(State), list(Severity)
    return max(
        (row.state for row in rows),
        key=lambda state: (weight.index(state.severity), order.index(state)),
        default=State.IDLE,
    )
