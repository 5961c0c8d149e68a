"""How long the session lasts, for the page's script: asked, and prolonged by a click."""

from collections.abc import Sequence
from functools import partial
from typing import Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from hub.entry.lobby import Lobby
from hub.entry.visit import visit_of

PATH: Final = "/session"


def routes(lobby: Lobby) -> Sequence[Route]:
    """Asking is no sign of a person; the click is."""
    tell = partial(_tell, lobby)
    return (
        Route(PATH, tell, methods=["GET"], name="session"),
        Route(PATH, tell, methods=["POST"], name="stay"),
    )


def _tell(lobby: Lobby, request: Request) -> Response:
    visit = visit_of(request)
    ends = visit.ends(lobby.limits)
    assert ends  # noqa: S101 - the entrance lets only somebody in who is signed in
    assert visit.clerk  # noqa: S101 - the same
    said = {
        "clerk": visit.clerk.id,
        "token": visit.form_token,
        "locks_at": ends.locks_at.isoformat(),
        "ends_at": ends.ends_at.isoformat(),
    }
    return JSONResponse(said)
