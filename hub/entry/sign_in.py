"""The page where clerks sign in, with a name and a password or at the OpenID provider."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from math import ceil
from typing import Final
from urllib.parse import urlencode

from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from hub.access.clerk import Account
from hub.access.refusals import MustWait, WrongNameOrPassword
from hub.access.sessions import Standing
from hub.access.tokens import digest
from hub.entry import cookies, words
from hub.entry.arriving import arrive
from hub.entry.cookies import Cookie
from hub.entry.kept_form import KEPT
from hub.entry.lobby import Lobby
from hub.entry.visit import FIELD, Visit, visit_of
from hub.entry.waiting import again_in
from hub.entry.writer import Pages
from hub.pages.forms import posted
from hub.pages.language_choice import local

PATH: Final = "/login"


@dataclass(frozen=True, slots=True)
class Asked:
    """What the page of somebody who is to sign in says besides."""

    next: str = "/"
    kept: str = ""
    name: str = ""
    problem: str | None = None
    """What is wrong, in words."""
    status: int = 200


def routes(lobby: Lobby, pages: Pages) -> Sequence[Route]:
    """The page and its form."""
    return (
        Route(PATH, partial(_show, lobby, pages), methods=["GET"], name="login"),
        Route(PATH, posted(partial(_sign_in, lobby, pages)), methods=["POST"], name="sign-in"),
    )


def page(lobby: Lobby, pages: Pages, request: Request, asked: Asked) -> Response:
    """The page; its form works in this browser only."""
    visit = visit_of(request)
    new = None
    if not visit.form_token:
        new = lobby.secret()
        visit = request.state.visit = Visit(visit.session_id, new, visit.session, visit.standing)
    is_idle = visit.standing is Standing.IDLE
    values = {
        "asked": asked,
        "reason": _reason(visit),
        "who": visit.clerk if is_idle else None,
        "by_password": lobby.options.has_local_accounts,
        "by_provider": lobby.provider is not None,
        "here": _address(asked),
    }
    answer = pages.answer(request, "sign_in.html", values, asked.status)
    if new is not None:
        cookies.put(lobby.site, Cookie.DOOR, new, request, answer)
    return answer


def led_to(asked: Asked) -> Response:
    """The way to the page, for somebody who wanted to read another."""
    return RedirectResponse(_address(asked), status_code=303)


def _address(asked: Asked) -> str:
    return f"{PATH}?{urlencode({'next': asked.next})}"


def asked_by(sent: FormData, problem: str | None = None, status: int = 200) -> Asked:
    """The page once more, with what was typed but the password."""
    text = {name: str(sent.get(name) or "") for name in ("next", KEPT, "name")}
    return Asked(text["next"] or "/", text[KEPT], text["name"][:64], problem, status)


def _show(lobby: Lobby, pages: Pages, request: Request) -> Response:
    next_ = local(request.query_params.get("next", "/"))
    if visit_of(request).is_active:
        return RedirectResponse(next_, status_code=303)
    return page(lobby, pages, request, Asked(next_))


def _reason(visit: Visit) -> str | None:
    if visit.standing is Standing.IDLE:
        return words.LOCKED
    was_here = visit.session is not None and visit.session.ended_at is None
    return words.OVER if was_here else None


def _sign_in(lobby: Lobby, pages: Pages, request: Request, sent: FormData) -> Response:
    if not lobby.options.has_local_accounts:
        raise HTTPException(404)
    say = pages.wording(request)
    try:
        account = _account(lobby, request, sent)
    except MustWait as refused:
        problem = again_in(say, refused.pause)
        answer = page(lobby, pages, request, asked_by(sent, problem, 429))
        answer.headers["Retry-After"] = str(ceil(refused.pause.total_seconds()))
        return answer
    except WrongNameOrPassword:
        return page(lobby, pages, request, asked_by(sent, say.text(words.WRONG), 422))
    if account is None:
        return page(lobby, pages, request, asked_by(sent, say.text(words.FORM_IS_OLD), 403))
    asked = asked_by(sent)
    return arrive(lobby, pages, request, account, next_=asked.next, kept=asked.kept)


def _account(lobby: Lobby, request: Request, sent: FormData) -> Account | None:
    """Whose name and password these are; None if the form is not this browser's, or was used.

    Raises MustWait, WrongNameOrPassword.
    """
    visit, token = visit_of(request), sent.get(FIELD)
    if not visit.is_own_form(token):
        return None
    name = _text(sent, "name")
    if visit.standing is Standing.IDLE and visit.session:
        name = visit.session.account.sign_in_name or ""
    client, now = lobby.site.client(request), lobby.now()
    account = lobby.by_password.account(name, _text(sent, "password"), client, now)
    return account if lobby.kept.attempts.spend(digest(str(token)), now) else None


def _text(sent: FormData, name: str) -> str:
    typed = sent.get(name)
    return typed if isinstance(typed, str) else ""
