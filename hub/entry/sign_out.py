"""Signing out: here, and at the OpenID provider if that is where one signed in."""

from collections.abc import Sequence
from functools import partial
from typing import Final

import structlog
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from connectors.provider.errors import ProviderAway
from hub.access.sealing import Seal
from hub.access.sessions import Standing
from hub.entry import cookies, words
from hub.entry.arriving import ID_TOKEN
from hub.entry.cookies import Cookie
from hub.entry.lobby import Lobby
from hub.entry.visit import FIELD, Visit, visit_of
from hub.entry.writer import Pages
from hub.pages.forms import posted

PATH: Final = "/logout"
DONE: Final = "/signed-out"
log = structlog.get_logger()


def routes(lobby: Lobby, pages: Pages) -> Sequence[Route]:
    """The button's address, and the page after it."""
    return (
        Route(PATH, posted(partial(_sign_out, lobby, pages)), methods=["POST"], name="sign-out"),
        Route(DONE, partial(_done, pages), methods=["GET"], name="signed-out"),
    )


def _sign_out(lobby: Lobby, pages: Pages, request: Request, sent: FormData) -> Response:
    visit = visit_of(request)
    is_signed_in = visit.standing in (Standing.ACTIVE, Standing.IDLE)
    if is_signed_in and not visit.is_own_form(sent.get(FIELD)):
        title, advice = words.OLD_PAGE
        return pages.answer(request, "refused.html", {"title": title, "advice": advice}, 403)
    onward = _provider_url(lobby, request, visit)
    if visit.digest is not None:
        lobby.kept.sessions.end(visit.digest, lobby.now())
    request.state.visit = Visit(None, None)
    request.state.clerk = None
    answer: Response = RedirectResponse(DONE, status_code=303)
    if onward is not None:
        answer = pages.answer(request, "onward.html", {"address": onward})
    cookies.take(lobby.site, Cookie.SESSION, request, answer)
    return answer


def _done(pages: Pages, request: Request) -> Response:
    return pages.answer(request, "signed_out.html", {})


def _provider_url(lobby: Lobby, request: Request, visit: Visit) -> str | None:
    """Where to sign out at the provider as well; None where nobody signed in there."""
    session, provider = visit.session, lobby.provider
    if provider is None or session is None or session.id_token is None or not visit.session_id:
        return None
    id_token = Seal.of(visit.session_id).open(session.id_token, ID_TOKEN)
    try:
        return provider.sign_out_url(id_token, lobby.site.origin(request) + DONE, lobby.now())
    except ProviderAway as away:
        log.warning("provider_away", why=str(away))
        return None
