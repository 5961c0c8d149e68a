"""The page where clerks change their own password; every other session of theirs ends."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Final

from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from hub.access.clerk import Account
from hub.access.passwords import SHORTEST, weaknesses
from hub.access.record import Entry, What
from hub.access.refusals import MustWait, WrongNameOrPassword
from hub.entry import cookies, words
from hub.entry.arriving import PASSWORD, onward, open_session
from hub.entry.cookies import Cookie
from hub.entry.kept_form import KEPT
from hub.entry.lobby import Lobby
from hub.entry.visit import visit_of
from hub.entry.writer import Pages
from hub.pages.forms import Form, posted
from hub.pages.language_choice import local
from hub.pages.marking import N_

WRONG: Final = N_("This is not your present password.")
TOO_OFTEN: Final = N_("It failed too often. Please wait a while.")
NOT_THE_SAME: Final = N_("The two new passwords are not the same.")
THE_OLD_ONE: Final = N_("Choose one that is not your present password.")


def routes(lobby: Lobby, pages: Pages) -> Sequence[Route]:
    """The page and its form."""
    return (
        Route(PASSWORD, partial(_show, pages), methods=["GET"], name="password"),
        Route(
            PASSWORD,
            posted(partial(_change, lobby, pages)),
            methods=["POST"],
            name="change-password",
        ),
    )


def _show(pages: Pages, request: Request) -> Response:
    next_ = local(request.query_params.get("next", "/"))
    return _page(pages, request, _account(request), Form(), next_, "")


def _change(lobby: Lobby, pages: Pages, request: Request, sent: FormData) -> Response:
    account, now = _account(request), lobby.now()
    next_, kept = local(str(sent.get("next") or "/")), str(sent.get(KEPT) or "")
    typed = {name: str(sent.get(name) or "") for name in ("present", "new", "again")}
    form = _looked_at(lobby, pages, request, account, typed)
    if form.problems:
        return _page(pages, request, account, form, next_, kept)
    changed = replace(account, password_hash=lobby.hasher.hash(typed["new"]), must_change=False)
    lobby.kept.sessions.end_others(account.clerk.id, visit_of(request).digest or "", now)
    lobby.kept.accounts.change(changed, Entry(now, What.PASSWORD_CHANGED, account.clerk.id))
    secret = open_session(lobby, request, changed, None)
    answer = onward(lobby, pages, request, next_=next_, kept=kept)
    cookies.put(lobby.site, Cookie.SESSION, secret, request, answer)
    return answer


def _looked_at(
    lobby: Lobby, pages: Pages, request: Request, account: Account, typed: Mapping[str, str]
) -> Form:
    """What is wrong with which field; the present password is looked at last."""
    say, form = pages.wording(request), Form()
    for weakness in weaknesses(typed["new"], (account.clerk.name, account.sign_in_name or "")):
        form.wrong("new", say.text(words.WEAKNESSES[weakness], **words.LIMITS))
    if typed["new"] == typed["present"]:
        form.wrong("new", say.text(THE_OLD_ONE))
    if typed["new"] != typed["again"]:
        form.wrong("again", say.text(NOT_THE_SAME))
    if not form.problems:
        _look_at_present(lobby, request, account, typed["present"], form)
    return form


def _look_at_present(
    lobby: Lobby, request: Request, account: Account, present: str, form: Form
) -> None:
    name, client = account.sign_in_name or "", lobby.site.client(request)
    try:
        lobby.by_password.account(name, present, client, lobby.now())
    except WrongNameOrPassword:
        form.wrong("present", WRONG)
    except MustWait:
        form.wrong("present", TOO_OFTEN)


def _page(
    pages: Pages, request: Request, account: Account, form: Form, next_: str, kept: str
) -> Response:
    values = {"form": form, "first": account.must_change, "next": next_, "kept": kept}
    status = 422 if form.problems else 200
    return pages.answer(request, "password.html", values | {"shortest": SHORTEST}, status)


def _account(request: Request) -> Account:
    """Of who is asking; whoever signs in at the provider has no password here."""
    session = visit_of(request).session
    if session is None or session.account.identity is not None:
        raise HTTPException(404)
    return session.account
