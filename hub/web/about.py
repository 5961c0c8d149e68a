"""Help and the accessibility statement: linked from every page, at the same place."""

from collections.abc import Sequence
from datetime import date
from functools import partial
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from hub.casework.views import View
from hub.web.office import Office

STATEMENT_OF: Final = date(2026, 11, 27)
"""When the accessibility statement was last looked at."""


def routes(office: Office) -> Sequence[Route]:
    """Both pages at their addresses."""
    return (
        Route("/help", partial(_help, office), methods=["GET"], name="help"),
        Route(
            "/accessibility", partial(_accessibility, office), methods=["GET"], name="accessibility"
        ),
    )


def _help(office: Office, request: Request) -> Response:
    return office.answer(request, "help.html", {"views": list(View)})


def _accessibility(office: Office, request: Request) -> Response:
    return office.answer(request, "accessibility.html", {"statement_day": STATEMENT_OF})
