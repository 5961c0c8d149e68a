"""The runbooks: what each state means and what to do, step by step, as `hub explain-state` says."""

from collections.abc import Sequence
from functools import partial

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from hub.board.answering import answer, said
from hub.board.board import Board
from hub.monitor.runbook import text_of
from hub.monitor.states import State


def routes(board: Board) -> Sequence[Route]:
    """Both pages at their addresses."""
    return (
        Route("/states", partial(_all, board), methods=["GET"], name="states"),
        Route("/states/{state}", partial(_one, board), methods=["GET"], name="state"),
    )


def _all(board: Board, request: Request) -> Response:
    return answer(board, request, "states.html", {"states": list(State)})


def _one(board: Board, request: Request) -> Response:
    name = request.path_params["state"]
    if name not in list(State):
        raise HTTPException(404)
    state = State(name)
    values = {"found": state, "text": text_of(state, said(request).language)}
    return answer(board, request, "state.html", values)
