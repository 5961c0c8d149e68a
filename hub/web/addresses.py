"""THE table of addresses: what a clerk must be allowed to do to be answered there."""

from collections.abc import Iterable, Mapping, Sequence
from enum import Enum, auto
from typing import Final

from starlette.routing import BaseRoute, Match, Route
from starlette.types import Scope

from hub.access.roles import Right


class Anybody(Enum):
    """Addresses that need no session."""

    READS = auto()
    """What is the same for everybody: style, help."""
    COMES_AND_GOES = auto()
    """Signing in and out; these look at their forms' tokens themselves."""


Need = Right | Anybody
ADDRESSES: Final[Mapping[str, Need]] = {
    "start": Right.LIST,
    "inbox": Right.LIST,
    "news": Right.LIST,
    "claims": Right.WORK,
    "claim": Right.WORK,
    "release": Right.WORK,
    "case": Right.LIST,
    "step": Right.WORK,
    "say": Right.WORK,
    "entered": Right.WORK,
    "continued": Right.WORK,
    "say-continued": Right.WORK,
    "new-referral": Right.WORK,
    "send-referral": Right.WORK,
    "new-offer": Right.WORK,
    "publish-offer": Right.WORK,
    "figures": Right.FIGURES,
    "help": Anybody.READS,
    "accessibility": Anybody.READS,
    "language": Anybody.READS,
    "healthz": Anybody.READS,
    "static": Anybody.READS,
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
    "audit": Right.RECORD,
}
"""By the names of their routes. A case is in the list of everybody; its page shows what they may
see."""
POLLED: Final = frozenset({"news", "session"})
"""Asked by a page's script: no sign that somebody is there."""


class NotInTheTable(Exception):
    """There is an address of which nobody said who may use it."""


class Addresses:
    """The routes of the application, each with what it needs."""

    def __init__(self, routes: Iterable[BaseRoute]) -> None:
        """Look at all of them; raises NotInTheTable."""
        self._routes: Sequence[Route] = [one for one in routes if isinstance(one, Route)]
        unknown = sorted({one.name for one in self._routes} - ADDRESSES.keys())
        if unknown:
            raise NotInTheTable(", ".join(unknown))

    def name(self, scope: Scope) -> str | None:
        """The name of the route that will answer; None: there is none."""
        for route in self._routes:
            match, _ = route.matches(scope)
            if match is Match.FULL:
                return route.name
        return None


def need_of(name: str | None) -> Need:
    """What the address with this name needs; one that is not there looks like any other."""
    return Right.OWN_ACCOUNT if name is None else ADDRESSES[name]
