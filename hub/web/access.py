"""Who is asking, and what the accounts add to every page; the pages themselves sign nobody in.

The accounts' middleware stands before the pages: it puts the clerk on each request
(`request.state.clerk`), sends everybody else to `/login`, and refuses every POST that does not
carry the token of its `csrf_field`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.routing import BaseRoute

from hub.access.clerk import Clerk
from hub.access.roles import Right, Role
from hub.web.pages import Pages

__all__ = ["Access", "Clerk", "Right", "Role", "RoleMayNot", "clerk_of", "require"]


@dataclass(frozen=True, slots=True)
class Access:
    """What the accounts add to the pages."""

    middleware: Callable[[Pages], Sequence[Middleware]]
    """Before the pages, the outermost first; sets `request.state.clerk`."""
    routes: Callable[[Pages], Sequence[BaseRoute]]
    """`/login`, `/logout` and whatever else is theirs."""
    context: Callable[[Request], Mapping[str, object]]
    """What every template gets besides: `csrf_field`, a hidden input ready to be written out, and
    `session`, which says when it ends, or None."""
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


def require(request: Request, right: Right) -> Clerk:
    """Who is asking, with this right; raises RoleMayNot."""
    clerk = clerk_of(request)
    if not clerk.may(right):
        raise RoleMayNot
    return clerk
