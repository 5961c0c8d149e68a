"""Opens a session for somebody who has shown who they are, and leads them on."""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from hub.access.clerk import Account
from hub.access.passwords import SHORTEST
from hub.access.record import What
from hub.access.sealing import NONCE_BYTES, Seal
from hub.access.sessions import Session, Standing
from hub.access.tokens import digest
from hub.entry import cookies, kept_form
from hub.entry.cookies import Cookie
from hub.entry.lobby import Lobby
from hub.entry.visit import Visit, visit_of
from hub.entry.writer import Pages
from hub.pages.forms import Form
from hub.pages.language_choice import local

ID_TOKEN = "id-token"  # noqa: S105 - for what it is sealed
PASSWORD = "/password"  # noqa: S105 - an address


def open_session(
    lobby: Lobby, request: Request, account: Account, what: What | None, id_token: str | None = None
) -> str:
    """Keep a session under a new id, instead of the one this browser had; the id for its cookie.

    From here on the request is that of the new session.
    """
    now, secret, before = lobby.now(), lobby.secret(), visit_of(request)
    sealed = None
    if id_token is not None:
        sealed = Seal.of(secret).close(id_token, ID_TOKEN, lobby.chance(NONCE_BYTES))
    session = Session(account, now, now, id_token=sealed)
    lobby.kept.sessions.open(digest(secret), session, before.digest, what)
    request.state.visit = Visit(secret, None, session, Standing.ACTIVE)
    request.state.clerk = account.clerk
    return secret


def what_happened(request: Request, account: Account) -> What:
    """Whether they were here before in this browser."""
    before = visit_of(request).clerk
    is_back = before is not None and before.id == account.clerk.id
    return What.SIGNED_IN_AGAIN if is_back else What.SIGNED_IN


def arrive(
    lobby: Lobby, pages: Pages, request: Request, account: Account, *, next_: str, kept: str,
    id_token: str | None = None,
) -> Response:  # fmt: skip
    """Signed in: what was typed before is shown, else the page that was wanted."""
    what = what_happened(request, account)
    secret = open_session(lobby, request, account, what, id_token)
    lobby.kept.tidy(lobby.now())
    answer = onward(lobby, pages, request, next_=next_, kept=kept)
    cookies.put(lobby.site, Cookie.SESSION, secret, request, answer)
    for used in (Cookie.DOOR, Cookie.FLOW):
        cookies.take(lobby.site, used, request, answer)
    return answer


def onward(lobby: Lobby, pages: Pages, request: Request, *, next_: str, kept: str) -> Response:
    """Where somebody who is signed in goes now."""
    visit = visit_of(request)
    assert visit.session  # noqa: S101 - whoever calls has just opened it
    if visit.session.account.must_change:
        return password_first(pages, request, next_=next_, kept=kept)
    form = kept_form.open_(lobby.seal, kept, visit.session.account.clerk.id, lobby.now())
    if form is None:
        return RedirectResponse(local(next_), status_code=303)
    values = {"form": form, "next": local(next_), "reason": None}
    return pages.answer(request, "kept.html", values)


def password_first(pages: Pages, request: Request, *, next_: str, kept: str) -> Response:
    """Somebody else knows the password: another one is chosen before anything else."""
    values = {"form": Form(), "first": True, "next": local(next_), "kept": kept}
    return pages.answer(request, "password.html", values | {"shortest": SHORTEST})
