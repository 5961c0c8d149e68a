"""The board as a web application, with what else is answered at its address."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.routing import BaseRoute

from connectors.errors import Later
from hub.board import (
    dead_page,
    discard_page,
    letter_page,
    overview_page,
    replay_page,
    run_page,
    state_page,
)
from hub.board.addresses import POLLED, with_beside
from hub.board.answering import Writer, away, broken, may_not, no_broker, refusal
from hub.board.board import Board
from hub.entry.access import Access
from hub.entry.addresses import Addresses
from hub.entry.gate import Addressed, Gate
from hub.errors import HubError
from hub.letters.desk import Desk
from hub.pages import language_choice
from hub.pages.faults import Faults
from hub.pages.headers import Headers


def create_app(
    board: Board, beside: Sequence[BaseRoute] = (), access: Access | None = None
) -> Starlette:
    """The board's pages; `beside`: what is answered by its own rules, as metrics are.

    A desk is only there for somebody who has signed in: it needs `access`.
    """
    if access is None:
        board = replace(board, desk=None)
    else:
        board = replace(board, around=access.context, name_of=access.name_of)
    pages = Writer(board)
    routes = [*beside, *_routes(board), *(access.routes(pages) if access else ())]
    middleware = [Middleware(Headers), Middleware(Faults, page=partial(broken, board))]
    if access is not None:
        addresses = Addresses(routes, with_beside(beside), POLLED)
        middleware += [
            Middleware(Addressed, addresses=addresses),
            *access.middleware(pages),
            Middleware(Gate, page=partial(may_not, board)),
        ]
    app = Starlette(
        routes=routes,
        middleware=middleware,
        exception_handlers={
            HTTPException: partial(refusal, board),
            HubError: partial(no_broker, board),
            Later: partial(away, board),
        },
    )
    app.router.redirect_slashes = False  # it would send to whatever host the caller names
    return app


def _routes(board: Board) -> Sequence[BaseRoute]:
    return [
        *overview_page.routes(board),
        *(_desk(board, board.desk) if board.desk else ()),
        *dead_page.routes(board),
        *state_page.routes(board),
        *language_choice.routes(),
        *board.static.routes,
    ]


def _desk(board: Board, desk: Desk) -> Sequence[BaseRoute]:
    return [
        *letter_page.routes(board, desk),
        *run_page.routes(board, desk),
        *replay_page.routes(board, desk),
        *discard_page.routes(board, desk),
    ]
