"""How far letters that are being sent again have come; anybody at the desk may stop it."""

from collections.abc import Sequence
from functools import partial
from typing import Final

from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from hub.board import rows
from hub.board.answering import answer, said
from hub.board.board import Board
from hub.board.replay_page import SHOWN
from hub.letters.desk import Desk, Run
from hub.letters.journal import Act
from hub.letters.replay import Fate
from hub.pages.forms import posted

PLACE: Final = "/dead/runs/{run}"
REFRESHED_S: Final = 2
"""After so many seconds the page is shown anew, unless it was asked to stay as it is."""


def routes(board: Board, desk: Desk) -> Sequence[Route]:
    """The page, and the form that stops."""
    return (
        Route(PLACE, partial(_show, board, desk), methods=["GET"], name="run"),
        Route(PLACE, posted(partial(_stop, desk)), methods=["POST"], name="stop-run"),
    )


def _show(board: Board, desk: Desk, request: Request) -> Response:
    run = _run(desk, request)
    results = list(run.results)
    left = [one for one in results if one.outcome is None or one.outcome.act is Act.REFUSED]
    not_chosen = [one for one in run.steps if one.fate is not Fate.SEND]
    say, still = said(request), "still" in request.query_params
    values = {
        "run": run,
        "goes_on": run.ended_at is None,
        "still": still,
        "sent": sum(one.fate is Fate.SEND for one in run.steps),
        "judged": run.count(Act.REPLAYED) + run.count(Act.REFUSED),
        "taken": run.count(Act.REPLAYED),
        "refused": run.count(Act.REFUSED),
        "not_sent": run.count(None),
        "not_chosen": rows.planned(not_chosen[:SHOWN], say),
        "left": rows.judged(left[:SHOWN], say),
    }
    moves = run.ended_at is None and not still
    headers = {"Refresh": str(REFRESHED_S)} if moves else {}
    return answer(board, request, "run.html", values, headers=headers)


def _stop(desk: Desk, request: Request, _sent: FormData) -> Response:
    run = _run(desk, request)
    run.stop.set()
    return RedirectResponse(f"/dead/runs/{run.ask.run}", status_code=303)


def _run(desk: Desk, request: Request) -> Run:
    run = desk.run(request.path_params["run"])
    if run is None:
        raise HTTPException(404)
    return run
