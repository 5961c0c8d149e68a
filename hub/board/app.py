"""The board as a web application, with what else is answered at its address."""

from collections.abc import Sequence
from functools import partial

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.routing import BaseRoute

from hub.board import dead_page, overview_page, state_page
from hub.board.answering import broken, refusal
from hub.board.board import Board
from hub.pages import language_choice
from hub.pages.faults import Faults
from hub.pages.headers import Headers


def create_app(board: Board, beside: Sequence[BaseRoute] = ()) -> Starlette:
    """The board's pages; `beside`: what is answered by its own rules, as metrics are."""
    return Starlette(
        routes=[
            *beside,
            *overview_page.routes(board),
            *dead_page.routes(board),
            *state_page.routes(board),
            *language_choice.routes(),
            *board.static.routes,
        ],
        middleware=[
            Middleware(Headers),
            Middleware(Faults, page=partial(broken, board)),
        ],
        exception_handlers={HTTPException: partial(refusal, board)},
    )
