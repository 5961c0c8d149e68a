"""What an address needs: a right, or nothing. Each room of pages has its own table of them."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from enum import Enum, auto

from starlette.routing import BaseRoute, Match, Route
from starlette.types import Scope

from hub.access.roles import Right


class Anybody(Enum):
    """Addresses that need no session."""

    UNASKED = auto()
    """Nobody is looked up for these, nor is it looked at where they are asked for."""
    READS = auto()
    """What is the same for everybody: style, help."""
    COMES_AND_GOES = auto()
    """Signing in and out; these look at their forms' tokens themselves."""


Need = Right | Anybody
Table = Mapping[str, Need]
"""By the names of the routes."""
ENTRY: Table = {
    "login": Anybody.COMES_AND_GOES,
    "sign-in": Anybody.COMES_AND_GOES,
    "ask-provider": Anybody.COMES_AND_GOES,
    "provider-return": Anybody.COMES_AND_GOES,
    "sign-out": Anybody.COMES_AND_GOES,
    "signed-out": Anybody.COMES_AND_GOES,
    "password": Right.OWN_ACCOUNT,
    "change-password": Right.OWN_ACCOUNT,
    "session": Right.OWN_ACCOUNT,
    "stay": Right.OWN_ACCOUNT,
    "record": Right.RECORD,
}
"""Those of this room; they stand in every table."""


class NotInTheTable(Exception):
    """There is an address of which nobody said who may use it."""


class Addresses:
    """The routes of an application, each with what it needs."""

    def __init__(
        self, routes: Iterable[BaseRoute], table: Table, polled: Collection[str] = ()
    ) -> None:
        """Look at all of them; raises NotInTheTable.

        `polled`: asked by a page's script, no sign that somebody is there.
        """
        self._routes: Sequence[Route] = [one for one in routes if isinstance(one, Route)]
        self._table = table
        self._polled = frozenset({"session", *polled})
        unknown = sorted({one.name for one in self._routes} - table.keys())
        if unknown:
            raise NotInTheTable(", ".join(unknown))

    def name(self, scope: Scope) -> str | None:
        """The name of the route that will answer; None: there is none."""
        for route in self._routes:
            match, _ = route.matches(scope)
            if match is Match.FULL:
                return route.name
        return None

    def need(self, name: str | None) -> Need:
        """What the address with this name needs; one that is not there looks like any other."""
        return Right.OWN_ACCOUNT if name is None else self._table[name]

    def is_polled(self, name: str | None) -> bool:
        """Whether a page's script asks there by itself."""
        return name in self._polled
