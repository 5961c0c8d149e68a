"""Who calls, by what they show, and whether they may do what they ask for."""

from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple

from starlette.requests import HTTPConnection

from connectors.callers.codes import CallerCode
from connectors.callers.credentials import Credential, Credentials
from connectors.callers.refusal import NotAdmitted
from connectors.callers.scopes import ALL, Scope, Scopes, may
from connectors.callers.tokens import bearer, digest


class Caller(NamedTuple):
    """Who it is, and what they may do."""

    party: str
    scopes: Scopes = ALL

    def may(self, wanted: Scope) -> bool:
        """Whether they may do this."""
        return may(self.scopes, wanted)


class Entrance:
    """Lets in whom the credentials name; all addresses of a door share one."""

    def __init__(self, credentials: Callable[[], Credentials], now: Callable[[], datetime]) -> None:
        """`credentials` gives those that count now."""
        self._credentials = credentials
        self._now = now

    async def caller(self, request: HTTPConnection, *wanted: Scope) -> Caller:
        """Who asks, if they may do one of the wanted; raises NotAdmitted."""
        shown = request.headers.getlist("authorization")
        if not shown:
            raise NotAdmitted(CallerCode.AUTHORIZATION_MISSING)
        token = bearer(shown[0]) if len(shown) == 1 else None
        if token is None:
            raise NotAdmitted(CallerCode.AUTHORIZATION_UNKNOWN)
        found = self._good(self._credentials().find(digest(token)))
        caller = Caller(found.party, found.scopes)
        if not any(caller.may(one) for one in wanted):
            raise NotAdmitted(CallerCode.SCOPE_INSUFFICIENT, wanted)
        return caller

    def _good(self, found: Credential | None) -> Credential:
        if found is None:
            raise NotAdmitted(CallerCode.AUTHORIZATION_UNKNOWN)
        if found.is_over(self._now()):
            raise NotAdmitted(CallerCode.AUTHORIZATION_EXPIRED)
        return found
