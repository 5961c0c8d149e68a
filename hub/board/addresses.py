"""THE table of the board's addresses, where there are accounts: what one must be allowed to do."""

from collections.abc import Iterable
from typing import Final

from starlette.routing import BaseRoute, Route

from hub.access.roles import Right
from hub.entry.addresses import ENTRY, Anybody, Table

ADDRESSES: Final[Table] = {
    **ENTRY,
    "overview": Anybody.READS,
    "dead": Anybody.READS,
    "dead-cause": Anybody.READS,
    "states": Anybody.READS,
    "state": Anybody.READS,
    "language": Anybody.READS,
    "static": Anybody.UNASKED,
    "letter": Right.LETTERS,
    "run": Right.LETTERS,
    "reveal": Right.DESK,
    "cover": Right.DESK,
    "replay": Right.DESK,
    "start-replay": Right.DESK,
    "discard": Right.DESK,
    "put-aside": Right.DESK,
    "stop-run": Right.DESK,
}
"""What only shows numbers and causes is open to whoever reaches it, as without accounts."""
POLLED: Final = ("overview",)
"""Shown anew by itself: no sign that somebody is there."""


def with_beside(beside: Iterable[BaseRoute]) -> Table:
    """The table, with what is answered by its own rules, as metrics are."""
    names = (one.name for one in beside if isinstance(one, Route))
    return {**ADDRESSES, **dict.fromkeys(names, Anybody.UNASKED)}
