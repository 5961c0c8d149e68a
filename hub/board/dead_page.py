"""The dead letters: by cause, each with what can be done about them.

These two pages change nothing and hold no content: who does what with a letter is written down
with their name and reason. Where nobody can sign in they show the commands; else the way to the
pages that do the same.
"""

import shlex
from collections.abc import Sequence
from functools import partial
from typing import Final, NamedTuple

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from hub.board.answering import answer
from hub.board.board import Board
from hub.board.choice import mark
from hub.letters.desk import Run
from hub.letters.shelf import Cause

MOST_DIGITS: Final = 6


class Commands(NamedTuple):
    """What to type, ready to be copied; each but the last words only shows what it would do."""

    replay: str
    discard: str
    show: str
    apply: str
    reveal: str


def routes(board: Board) -> Sequence[Route]:
    """Both pages at their addresses."""
    return (
        Route("/dead", partial(_causes, board), methods=["GET"], name="dead"),
        Route("/dead/{mark}", partial(_cause, board), methods=["GET"], name="dead-cause"),
    )


def chosen_by(cause: Cause) -> str:
    """The options that choose the letters of a cause, quoted for a shell."""
    words = [word for code in cause.codes if code for word in ("--code", code)]
    words += ["--type", cause.event_type] if cause.event_type else []
    words += ["--sender", cause.sender] if cause.sender else []
    return shlex.join(words)


def _causes(board: Board, request: Request) -> Response:
    found = board.died()
    causes = [] if found is None else [(one, mark(one)) for one in found.causes]
    snapshot = board.poller.snapshot
    lie = sum(letters.number for letters in snapshot.dead.values()) if snapshot else None
    values = {"died": found, "causes": causes, "lie": lie, "running": _running(board)}
    return answer(board, request, "dead.html", values)


def _cause(board: Board, request: Request) -> Response:
    found = board.died()
    causes = [] if found is None else found.causes
    cause = next((one for one in causes if mark(one) == request.path_params["mark"]), None)
    if found is None or cause is None:
        raise HTTPException(404)
    chosen = chosen_by(cause) or "--all"
    commands = Commands(
        replay=f"hub dead replay {chosen}",
        discard=f"hub dead discard {chosen}",
        show="hub dead show",
        apply="--apply --reason '…'",
        reveal="--reveal --reason '…'",
    )
    values = {
        "cause": cause,
        "here_at": f"/dead/{mark(cause)}",
        "letters": found.of(cause),
        "commands": commands,
        "running": _running(board),
        "aside": aside(request),
    }
    return answer(board, request, "cause.html", values)


def aside(request: Request) -> int:
    """How many were just put aside, as the address says after that."""
    said = request.query_params.get("aside", "")
    is_number = said.isascii() and said.isdigit() and len(said) <= MOST_DIGITS
    return int(said) if is_number else 0


def _running(board: Board) -> Run | None:
    return board.desk.running() if board.desk else None
