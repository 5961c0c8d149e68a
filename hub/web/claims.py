"""Who works on a case: taking over one or many, and letting go."""

from collections.abc import Sequence
from functools import partial
from typing import Final

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from hub.pages.forms import posted
from hub.web import marks
from hub.web.access import Right, require
from hub.web.office import Office

MOST_AT_ONCE: Final = 100


def routes(office: Office) -> Sequence[Route]:
    """Claiming and releasing, each a form of one button."""
    return (
        Route("/claims", posted(partial(_claim_all, office)), methods=["POST"], name="claims"),
        Route(
            "/cases/{case}/claim", posted(partial(_claim, office)), methods=["POST"], name="claim"
        ),
        Route(
            "/cases/{case}/release",
            posted(partial(_release, office)),
            methods=["POST"],
            name="release",
        ),
    )


def _claim(office: Office, request: Request, sent: FormData) -> Response:
    clerk = require(request, Right.WORK)
    case = request.path_params["case"]
    office.desk.claim(case, clerk.id, marks.version(sent), office.now())
    return RedirectResponse(f"/cases/{case}?done=claimed#done", status_code=303)


def _release(office: Office, request: Request, sent: FormData) -> Response:
    clerk = require(request, Right.WORK)
    case = request.path_params["case"]
    office.desk.release(
        case, clerk.id, marks.version(sent), office.now(), of_another=clerk.may(Right.RELEASE)
    )
    return RedirectResponse(f"/cases/{case}?done=released#done", status_code=303)


def _claim_all(office: Office, request: Request, sent: FormData) -> Response:
    clerk = require(request, Right.WORK)
    ticked = [each for each in sent.getlist("case") if isinstance(each, str)]
    cases = list(dict.fromkeys(ticked))[:MOST_AT_ONCE]
    claimed = office.desk.claim_all(cases, clerk.id, office.now()) if cases else ()
    values = {"claimed": claimed, "taken": sum(each.by == clerk.id for each in claimed)}
    return office.answer(request, "claims.html", values)
