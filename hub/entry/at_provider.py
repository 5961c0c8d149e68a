"""Signing in at the OpenID provider: there and back."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Final

import structlog
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from connectors.provider.errors import ProviderAway, TokenRefused
from hub.access.clerk import Account
from hub.access.keeping import Flow
from hub.access.options import AccountOptions
from hub.access.record import Entry, What
from hub.access.refusals import AccountLocked, NoRoleHere
from hub.access.sessions import Standing
from hub.access.tokens import digest, same
from hub.entry import cookies, words
from hub.entry.arriving import arrive
from hub.entry.cookies import Cookie
from hub.entry.known import account_of
from hub.entry.lobby import Lobby
from hub.entry.sign_in import Asked, asked_by, page
from hub.entry.visit import FIELD, visit_of
from hub.entry.writer import Pages
from hub.oidc.errors import CodeRefused
from hub.oidc.id_token import Expected
from hub.oidc.provider import Provider
from hub.pages.forms import posted

PATH: Final = "/login/provider"
RETURN: Final = "/login/return"
log = structlog.get_logger()


class NotOurs(Exception):
    """This answer belongs to no sign-in that began in this browser."""


def routes(lobby: Lobby, pages: Pages) -> Sequence[Route]:
    """The way there, and the way back."""
    return (
        Route(PATH, posted(partial(_go, lobby, pages)), methods=["POST"], name="ask-provider"),
        Route(RETURN, partial(_come_back, lobby, pages), methods=["GET"], name="provider-return"),
    )


def provider_of(options: AccountOptions) -> Provider | None:
    """The provider that the settings name; it leads back to these pages."""
    if not options.oidc.issuer:
        return None
    return Provider.of(options.oidc, options.public_url + RETURN)


def _go(lobby: Lobby, pages: Pages, request: Request, sent: FormData) -> Response:
    provider, visit, now = _provider(lobby), visit_of(request), lobby.now()
    if not visit.is_own_form(sent.get(FIELD)):
        problem = pages.wording(request).text(words.FORM_IS_OLD)
        return page(lobby, pages, request, asked_by(sent, problem, 403))
    state, browser, asked = lobby.secret(), lobby.secret(), asked_by(sent)
    is_idle = visit.standing is Standing.IDLE
    flow = Flow(
        browser=digest(browser),
        nonce=lobby.secret(),
        verifier=lobby.secret(),
        next=asked.next,
        kept=asked.kept,
        clerk=visit.clerk.id if is_idle and visit.clerk else None,
        started_at=now,
    )
    try:
        address = provider.authorization_url(
            state, flow.nonce, flow.verifier, now, again=flow.clerk is not None
        )
    except ProviderAway as away:
        return _sorry(lobby, pages, request, asked, away)
    lobby.kept.flows.start(digest(state), flow)
    # Not a redirect: the policy `form-action 'self'` holds for where a form leads in the end, too.
    answer = pages.answer(request, "onward.html", {"address": address})
    cookies.put(lobby.site, Cookie.FLOW, browser, request, answer)
    return answer


def _come_back(lobby: Lobby, pages: Pages, request: Request) -> Response:
    provider, now = _provider(lobby), lobby.now()
    flow = lobby.kept.flows.take(digest(request.query_params.get("state", "")), now)
    browser = cookies.read(lobby.site, Cookie.FLOW, request)
    if flow is None or browser is None or not same(digest(browser), flow.browser):
        return _sorry(lobby, pages, request, Asked(), NotOurs())
    try:
        account, id_token = _shown(lobby, provider, request, flow, now)
    except (NotOurs, CodeRefused, TokenRefused, NoRoleHere, AccountLocked, ProviderAway) as refused:
        return _sorry(lobby, pages, request, Asked(flow.next, flow.kept), refused)
    return arrive(
        lobby, pages, request, account, next_=flow.next, kept=flow.kept, id_token=id_token
    )


def _shown(
    lobby: Lobby, provider: Provider, request: Request, flow: Flow, now: datetime
) -> tuple[Account, str]:
    """Who has signed in, and the token that says so; raises whatever is wrong with it."""
    query = request.query_params
    if not provider.is_from(query.get("iss"), now):
        raise NotOurs
    if "code" not in query or "error" in query:
        raise CodeRefused
    id_token = provider.redeem(query["code"], flow.verifier, now)
    fresh_since = flow.started_at if flow.clerk is not None else None
    issuer, client_id = lobby.options.oidc.issuer, lobby.options.oidc.client_id
    expected = Expected(issuer, client_id, flow.nonce, fresh_since)
    claims = provider.claims(id_token, expected, now)
    return account_of(lobby, claims, now), id_token


def _sorry(
    lobby: Lobby, pages: Pages, request: Request, asked: Asked, refused: Exception
) -> Response:
    """The page once more, with what can be said of it; the log and the record have the code."""
    says, status = {
        NoRoleHere: (words.NO_ROLE, 403),
        AccountLocked: (words.ACCOUNT_LOCKED, 403),
        ProviderAway: (words.PROVIDER_AWAY, 503),
    }.get(type(refused), (words.PROVIDER_REFUSES, 403))
    log.warning("provider_sign_in_failed", why=type(refused).__name__, said=str(refused))
    if not isinstance(refused, NotOurs | ProviderAway):
        flaw = refused.flaw if isinstance(refused, TokenRefused) else type(refused).__name__
        lobby.kept.record.add(Entry(lobby.now(), What.FAILED, None, detail=f"provider: {flaw}"))
    problem = pages.wording(request).text(says)
    return page(lobby, pages, request, Asked(asked.next, asked.kept, "", problem, status))


def _provider(lobby: Lobby) -> Provider:
    if lobby.provider is None:
        raise HTTPException(404)
    return lobby.provider
