"""One letter: where it came from, why it died, what was done with it; its content covered.

Who uncovers it says why. That stands in the journal before anything is shown, and for some
minutes the content stands on the page of that session, and on no other.
"""

import json
from collections.abc import Sequence
from functools import partial

from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from hub.access.roles import Right
from hub.board.answering import answer
from hub.board.board import Board
from hub.board.choice import LETTER, letter_id
from hub.board.dead_page import aside
from hub.board.reasons import read_reason, who
from hub.entry.gate import clerk_of
from hub.entry.visit import visit_of
from hub.letters import masking
from hub.letters.desk import Desk, Looked
from hub.letters.journal import Act
from hub.pages.forms import Form, posted
from hub.withhold import visible


def routes(board: Board, desk: Desk) -> Sequence[Route]:
    """The page, the form that uncovers, and the one that covers again."""
    cover = posted(partial(_cover, board))
    return (
        Route(LETTER, partial(_show, board, desk), methods=["GET"], name="letter"),
        Route(LETTER, posted(partial(_reveal, board, desk)), methods=["POST"], name="reveal"),
        Route(f"{LETTER}/cover", cover, methods=["POST"], name="cover"),
    )


def _show(board: Board, desk: Desk, request: Request) -> Response:
    return _page(board, request, _looked(desk, request), Form(), 200)


def _reveal(board: Board, desk: Desk, request: Request, sent: FormData) -> Response:
    looked, form = _looked(desk, request), Form(sent)
    reason = read_reason(form)
    if form.problems:
        return _page(board, request, looked, form, 422)
    letter = looked.kept.letter.id
    desk.note(Act.REVEALED, [letter], who(request), reason)
    board.uncovered.uncover(_session(request), letter, board.now())
    return RedirectResponse(f"/dead/letters/{letter}", status_code=303)


def _cover(board: Board, request: Request, _sent: FormData) -> Response:
    letter = letter_id(request)
    board.uncovered.cover(_session(request), letter)
    return RedirectResponse(f"/dead/letters/{letter}", status_code=303)


def _looked(desk: Desk, request: Request) -> Looked:
    looked = desk.look(letter_id(request))
    if looked is None:
        raise HTTPException(404)
    return looked


def _page(board: Board, request: Request, looked: Looked, form: Form, status: int) -> Response:
    letter = looked.kept.letter
    until = board.uncovered.until(_session(request), letter.id, board.now())
    seen = masking.masked if until is None else masking.revealed
    content = visible(json.dumps(seen(letter.record), ensure_ascii=False, indent=2))
    values = {
        "kept": looked.kept,
        "letter": letter,
        "acts": looked.acts,
        "today": looked.today,
        "content": content,
        "until": until,
        "form": form,
        "aside": aside(request),
        "may_act": clerk_of(request).may(Right.DESK),
    }
    return answer(board, request, "letter.html", values, status)


def _session(request: Request) -> str:
    """What tells this session from others."""
    return visit_of(request).digest or ""
