"""The dead letters: by cause, each with the commands that show, repeat or put aside.

The page changes nothing and holds no content: who does what with a letter is written down with
their name and reason, and a page without sign-in knows nobody's.
"""

import hashlib
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
from hub.letters.shelf import Cause

MARK_DIGITS: Final = 12


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


def mark(cause: Cause) -> str:
    """What tells a cause from others in an address."""
    name = "|".join((*cause.codes, cause.event_type, cause.sender))
    return hashlib.sha256(name.encode()).hexdigest()[:MARK_DIGITS]


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
    values = {"died": found, "causes": causes, "lie": lie}
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
    values = {"cause": cause, "letters": found.of(cause), "commands": commands}
    return answer(board, request, "cause.html", values)
