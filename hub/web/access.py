"""Who is asking, and with which right; the pages themselves sign nobody in.

The accounts' middleware stands before the pages: it puts the clerk on each request
(`request.state.clerk`), sends everybody else to `/login`, and refuses every POST that does not
carry the token of its `csrf_field`.
"""

from starlette.requests import Request

from hub.access.clerk import Clerk
from hub.access.roles import Right, Role
from hub.entry.access import Access
from hub.entry.gate import clerk_of

__all__ = ["Access", "Clerk", "Right", "Role", "RoleMayNot", "clerk_of", "require"]


class RoleMayNot(Exception):
    """The role of this account does not allow it."""

    def __str__(self) -> str:
        """The message: the class's docstring."""
        return (self.__doc__ or "").strip()


def require(request: Request, right: Right) -> Clerk:
    """Who is asking, with this right; raises RoleMayNot."""
    clerk = clerk_of(request)
    if not clerk.may(right):
        raise RoleMayNot
    return clerk
