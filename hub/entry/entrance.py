"""Stands before the pages: looks who is asking, and refuses what none of our pages sent.

In this order: the host, where a form comes from, the session, its form's token. What somebody
typed is never lost: who must sign in first gets it back, sealed for them, and who sent a form of
an earlier session may send it once more.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from http import HTTPStatus

import structlog
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from connectors.errors import Later
from hub.access.roles import Right
from hub.access.sealing import NONCE_BYTES
from hub.access.tokens import digest
from hub.entry import body, cookies, kept_form, sign_in, words
from hub.entry.addresses import Anybody, Need
from hub.entry.arriving import PASSWORD
from hub.entry.body import Body
from hub.entry.cookies import Cookie
from hub.entry.kept_form import ANYBODY, KeptForm
from hub.entry.lobby import Lobby
from hub.entry.site import SAFE
from hub.entry.visit import FIELD, HEADER, Visit, visit_of
from hub.entry.writer import Pages

log = structlog.get_logger()


class Entrance:
    """One room's of pages."""

    def __init__(self, app: ASGIApp, lobby: Lobby, pages: Pages) -> None:
        """Stand before `app`."""
        self._app = app
        self._lobby = lobby
        self._pages = pages

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http" or scope["state"]["need"] is Anybody.UNASKED:
            await self._app(scope, receive, send)
            return
        request = Request(scope, receive)
        try:
            sent, answer = await self._looked_at(request)
        except HTTPException as refusal:
            sent, answer = None, self._refuse(request, words.NOT_TAKEN, refusal.status_code)
        except Later:
            sent, answer = None, self._refuse(request, words.AWAY, HTTPStatus.SERVICE_UNAVAILABLE)
        if answer is not None:
            await answer(scope, receive, send)
        else:
            await self._app(scope, sent.again(receive) if sent else receive, send)

    async def _looked_at(self, request: Request) -> tuple[Body | None, Response | None]:
        """The body as far as it was read, and the answer if it goes no further."""
        site = self._lobby.site
        if not site.is_host(request):
            return None, self._refuse(request, words.STRANGE_HOST, HTTPStatus.MISDIRECTED_REQUEST)
        if request.method not in SAFE and not site.is_from_here(request):
            log.warning("form_from_elsewhere", address=request.state.address)
            return None, self._refuse(request, words.FORGED, HTTPStatus.FORBIDDEN)
        need: Need = request.state.need
        request.state.visit = await run_in_threadpool(self._who, request, need)
        is_free = isinstance(need, Anybody)
        most = body.MOST_SEALED_BYTES if is_free else body.MOST_BYTES
        sent = None if request.method in SAFE else await body.read(request, most)
        if is_free:
            return sent, None
        return sent, await run_in_threadpool(self._answer, request, need, sent)

    def _who(self, request: Request, need: Need) -> Visit:
        """Who is asking; nobody, where it does not matter and the database is away."""
        try:
            return self._visit(request)
        except Later:
            if need is Anybody.READS:
                return Visit(None, None)
            raise

    def _visit(self, request: Request) -> Visit:
        """Who is asking; that somebody is there is noted now and then."""
        lobby, now = self._lobby, self._lobby.now()
        door = cookies.read(lobby.site, Cookie.DOOR, request)
        session_id = cookies.read(lobby.site, Cookie.SESSION, request)
        session = None if session_id is None else lobby.kept.sessions.get(digest(session_id))
        if session_id is None or session is None:
            return Visit(None, door)
        visit = Visit(session_id, door, session, session.standing(now, lobby.limits))
        if not visit.is_active:
            return visit
        request.state.clerk = session.account.clerk
        if session.is_to_be_noted(now) and not request.state.is_polled:
            with suppress(Later):  # whoever writes now is in no hurry for this: the next request
                lobby.kept.sessions.note(digest(session_id), now)
            return replace(visit, session=replace(session, seen_at=now))
        return visit

    def _answer(self, request: Request, need: Need, sent: Body | None) -> Response | None:
        """None for somebody who is signed in, with a form of ours if it is one."""
        visit = visit_of(request)
        if not visit.is_active or visit.session is None:
            return self._sign_in_first(request, need, sent)
        if sent is not None and not visit.is_own_form(
            sent.value(FIELD) or request.headers.get(HEADER)
        ):
            return self._once_more(request, need, sent)
        if visit.session.account.must_change and need is not Right.OWN_ACCOUNT:
            return RedirectResponse(PASSWORD, status_code=303)
        return None

    def _sign_in_first(self, request: Request, need: Need, sent: Body | None) -> Response:
        if request.state.is_polled:
            return PlainTextResponse("Sign in first.\n", HTTPStatus.FORBIDDEN)
        asked = sign_in.Asked(_address(request))
        if sent is None:
            answer = sign_in.led_to(asked)
        else:
            asked = sign_in.Asked(
                self._lobby.site.came_from(request), self._kept(request, need, sent)
            )
            answer = sign_in.page(self._lobby, self._pages, request, replace(asked, status=403))
        return answer

    def _kept(self, request: Request, need: Need, sent: Body) -> str:
        """What was typed, sealed for whose session it was; passwords are not kept."""
        if need is Right.OWN_ACCOUNT:
            return ""
        lobby, clerk = self._lobby, visit_of(request).clerk
        form = KeptForm(_address(request), _typed(sent))
        nonce = lobby.chance(NONCE_BYTES)
        return kept_form.close(
            lobby.seal, form, ANYBODY if clerk is None else clerk.id, lobby.now(), nonce
        )

    def _once_more(self, request: Request, need: Need, sent: Body) -> Response:
        """The form is of an earlier session, or forged: it is shown to be sent by hand, or not."""
        log.warning("form_token_wrong", address=request.state.address)
        if need is Right.OWN_ACCOUNT or request.headers.get(HEADER):
            return self._refuse(request, words.OLD_PAGE, HTTPStatus.FORBIDDEN)
        values = {
            "form": KeptForm(_address(request), _typed(sent)),
            "next": self._lobby.site.came_from(request),
            "reason": words.FORM_OF_BEFORE,
        }
        return self._pages.answer(request, "kept.html", values, HTTPStatus.FORBIDDEN)

    def _refuse(self, request: Request, says: words.Says, status: int) -> Response:
        title, advice = says
        return self._pages.answer(
            request, "refused.html", {"title": title, "advice": advice}, status
        )


def _typed(sent: Body) -> Sequence[tuple[str, str]]:
    return [field for field in sent.fields if field[0] != FIELD]


def _address(request: Request) -> str:
    return f"{request.url.path}{'?' if request.url.query else ''}{request.url.query}"
