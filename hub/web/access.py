"""Who is asking, and what the accounts add to every page; `hub.web` itself logs nobody in.

The accounts' middleware stands before the pages: it puts the clerk on each request
(`request.state.clerk`), sends everybody else to `/login`, and refuses every POST that does not
carry the token of its `csrf_field`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.routing import BaseRoute


class Role(StrEnum):
    """What somebody at the back office may do."""

    CLERK = "clerk"
    """Works cases."""
    LEAD = "lead"
    """Works cases, sees the manager's page, and releases what others have claimed."""
    AUDITOR = "auditor"
    """Sees what happened on each case and who opened it, but not what it contains."""


@dataclass(frozen=True, slots=True)
class Clerk:
    """Who is asking."""

    id: str
    """Stands in the records; says nothing about a person."""
    name: str
    """For colleagues of the same party."""
    role: Role


@dataclass(frozen=True, slots=True)
class Access:
    """What the accounts add to the pages."""

    middleware: Sequence[Middleware]
    """Before the pages, the outermost first; sets `request.state.clerk`."""
    routes: Sequence[BaseRoute]
    """`/login`, `/logout` and whatever else is theirs."""
    context: Callable[[Request], Mapping[str, object]]
    """What every template gets besides: `csrf_field`, a hidden input ready to be written out."""
    name_of: Callable[[str], str | None]
    """The name of the clerk with this id, for colleagues; None where nobody knows it."""


class RoleMayNot(Exception):
    """The role of this account does not allow it."""

    def __str__(self) -> str:
        """The message: the class's docstring."""
        return (self.__doc__ or "").strip()


def clerk_of(request: Request) -> Clerk:
    """Who is asking; the accounts let nobody through whom they do not know."""
    clerk: Clerk = request.state.clerk
    return clerk


def require(request: Request, *roles: Role) -> Clerk:
    """Who is asking, with one of these roles; raises RoleMayNot."""
    clerk = clerk_of(request)
    if clerk.role not in roles:
        raise RoleMayNot
    return clerk
