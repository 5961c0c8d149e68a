"""Puts letters aside: first which, then, with a reason. Their bytes stay where they are."""

from collections.abc import Sequence
from functools import partial

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from hub.board import choice, rows
from hub.board.answering import answer
from hub.board.board import Board
from hub.board.choice import Choose, Chosen
from hub.board.reasons import read_reason, who
from hub.board.replay_page import SHOWN
from hub.letters.desk import Desk, Run
from hub.letters.journal import Act
from hub.letters.letter import Letter
from hub.pages.forms import Form


def routes(board: Board, desk: Desk) -> list[Route]:
    """Which would be put aside, and the form that does it, of a cause and of a letter."""
    show, put = partial(_show, board, desk), partial(_put_aside, board, desk)
    return choice.routes("discard", show, put, "put-aside")


def _show(board: Board, desk: Desk, choose: Choose, request: Request) -> Response:
    chosen, letters = _chosen(desk, choose, request)
    return _page(board, request, chosen, letters, Form(), 200)


def _put_aside(
    board: Board, desk: Desk, choose: Choose, request: Request, sent: FormData
) -> Response:
    form = Form(sent)
    chosen, letters = _chosen(desk, choose, request)
    reason = read_reason(form)
    if form.problems:
        return _page(board, request, chosen, letters, form, 422)
    if not letters or form["version"] != choice.version(letters):
        return _page(board, request, chosen, letters, form, 409, changed=True)
    if (run := desk.running()) and chosen.letters & {one.letter.id for one in run.steps}:
        return _page(board, request, chosen, letters, form, 409, busy=run)
    desk.note(Act.DISCARDED, [one.id for one in letters], who(request), reason)
    return RedirectResponse(f"{chosen.address}?aside={len(letters)}", status_code=303)


def _chosen(desk: Desk, choose: Choose, request: Request) -> tuple[Chosen, list[Letter]]:
    kept = desk.letters()
    chosen = choose(request, kept)
    return chosen, choice.open_ones(kept, chosen)


def _page(  # noqa: PLR0913 - what there is to say
    board: Board,
    request: Request,
    chosen: Chosen,
    letters: Sequence[Letter],
    form: Form,
    status: int,
    *,
    busy: Run | None = None,
    changed: bool = False,
) -> Response:
    values = {
        "chosen": chosen,
        "rows": rows.open_ones(letters[:SHOWN]),
        "total": len(letters),
        "version": choice.version(letters),
        "form": form,
        "busy": busy,
        "changed": changed,
    }
    return answer(board, request, "discard.html", values, status)
