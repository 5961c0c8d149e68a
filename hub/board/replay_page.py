"""Sends letters again: first what would become of them, then, with a reason, in the background."""

import re
from collections.abc import Sequence
from functools import partial
from secrets import token_hex
from typing import Final

from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from hub.board import choice, rows, words
from hub.board.answering import answer, said
from hub.board.board import Board
from hub.board.choice import Choose, Chosen
from hub.board.reasons import read_reason, who
from hub.letters.desk import Ask, Busy, Desk, Run
from hub.letters.replay import Fate, Step
from hub.pages.forms import Form

SHOWN: Final = 100
"""So many letters are shown one by one, those that would not be sent first."""
PER_SECOND: Final = 20
MOST_PER_SECOND: Final = 1000
MARK: Final = re.compile(r"[0-9a-f]{16}")


def routes(board: Board, desk: Desk) -> list[Route]:
    """What would be done, and the form that does it, of a cause and of a letter."""
    show, start = partial(_show, board, desk), partial(_start, board, desk)
    return choice.routes("replay", show, start, "start-replay")


def _show(board: Board, desk: Desk, choose: Choose, request: Request) -> Response:
    chosen, steps = _planned(desk, choose, request)
    form = Form({"per_second": str(PER_SECOND), "form": token_hex(8)})
    return _page(board, request, chosen, steps, form, 200, busy=desk.running())


def _start(board: Board, desk: Desk, choose: Choose, request: Request, sent: FormData) -> Response:
    form = Form(sent)
    if not MARK.fullmatch(form["form"]):
        raise HTTPException(400)
    if begun := desk.run(form["form"]):
        return _onward(begun)
    chosen, steps = _planned(desk, choose, request)
    reason, pace = read_reason(form), _pace(form)
    if form.problems:
        return _page(board, request, chosen, steps, form, 422)
    if form["version"] != choice.version(steps) or not _to_send(steps):
        return _page(board, request, chosen, steps, form, 409, changed=True)
    ask = Ask(form["form"], who(request), reason, chosen.address)
    try:
        return _onward(desk.replay(ask, steps, pace))
    except Busy as busy:
        return _page(board, request, chosen, steps, form, 409, busy=busy.run)


def _pace(form: Form) -> int:
    pace = form.number("per_second")
    if pace is None or not 1 <= pace <= MOST_PER_SECOND:
        form.wrong("per_second", words.NEEDS_PACE)
        return PER_SECOND
    return pace


def _planned(desk: Desk, choose: Choose, request: Request) -> tuple[Chosen, list[Step]]:
    kept = desk.letters()
    chosen = choose(request, kept)
    return chosen, desk.plan(kept, chosen.letters)


def _page(  # noqa: PLR0913 - what there is to say
    board: Board,
    request: Request,
    chosen: Chosen,
    steps: Sequence[Step],
    form: Form,
    status: int,
    *,
    busy: Run | None = None,
    changed: bool = False,
) -> Response:
    first = sorted(steps, key=lambda one: one.fate is Fate.SEND)
    values = {
        "chosen": chosen,
        "sent": len(_to_send(steps)),
        "total": len(steps),
        "rows": rows.planned(first[:SHOWN], said(request)),
        "version": choice.version(steps),
        "form": form,
        "busy": busy,
        "changed": changed,
    }
    return answer(board, request, "replay.html", values, status)


def _to_send(steps: Sequence[Step]) -> list[Step]:
    return [one for one in steps if one.fate is Fate.SEND]


def _onward(run: Run) -> Response:
    return RedirectResponse(f"/dead/runs/{run.ask.run}", status_code=303)
