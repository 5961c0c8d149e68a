"""Everything that the accounts add to the pages of one party."""

from collections.abc import Mapping

from markupsafe import Markup
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.routing import BaseRoute

from hub.web.access import Access
from hub.web.entry import at_provider, password, record_page, sign_in, sign_out, staying
from hub.web.entry.entrance import Entrance
from hub.web.entry.lobby import Lobby
from hub.web.entry.visit import FIELD, visit_of
from hub.web.pages import Pages

_FIELD = Markup('<input type="hidden" name="{}" value="{}">')


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
