"""Everything that the accounts add to pages."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.routing import BaseRoute

from hub.entry import at_provider, password, record_page, sign_in, sign_out, staying
from hub.entry.entrance import Entrance
from hub.entry.lobby import Lobby
from hub.entry.visit import FIELD, visit_of
from hub.entry.writer import Pages

_FIELD = Markup('<input type="hidden" name="{}" value="{}">')


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


def make_access(lobby: Lobby) -> Access:
    """The entrance, its pages, and what every page gets from it."""

    def routes(pages: Pages) -> list[BaseRoute]:
        return [
            *sign_in.routes(lobby, pages),
            *at_provider.routes(lobby, pages),
            *sign_out.routes(lobby, pages),
            *password.routes(lobby, pages),
            *staying.routes(lobby),
            *record_page.routes(lobby, pages),
        ]

    def middleware(pages: Pages) -> list[Middleware]:
        return [Middleware(Entrance, lobby=lobby, pages=pages)]

    def context(request: Request) -> Mapping[str, object]:
        visit = visit_of(request)
        return {
            "csrf_field": _FIELD.format(FIELD, visit.form_token) if visit.form_token else "",
            "session": visit.ends(lobby.limits),
        }

    return Access(middleware, routes, context, lobby.kept.accounts.name_of)
