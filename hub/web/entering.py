"""Saying that what came in is entered or noted, and that a hand-over is continued."""

from collections.abc import Sequence
from functools import partial
from typing import Final

from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from hub.casework.case_file import CaseFile
from hub.casework.refusals import WouldBeRefused
from hub.domain.working_year import ZONE
from hub.pages.forms import Form, posted
from hub.pages.marking import N_
from hub.web import marks
from hub.web.access import Right, require
from hub.web.office import Office
from hub.web.told_beforehand import told_beforehand
from schemas.events.handover_continued import HandoverContinued
from schemas.events.ledger_recorded import HandoverState

GIVE_THE_DAY: Final = N_("Give the first day the new carrier pays for.")
CONTINUED: Final = "/cases/{case}/continued"


def routes(office: Office) -> Sequence[Route]:
    """Both forms at their addresses."""
    return (
        Route(
            "/cases/{case}/entered",
            posted(partial(_entered, office)),
            methods=["POST"],
            name="entered",
        ),
        Route(CONTINUED, partial(_ask, office), methods=["GET"], name="continued"),
        Route(CONTINUED, posted(partial(_say, office)), methods=["POST"], name="say-continued"),
    )


def _entered(office: Office, request: Request, sent: FormData) -> Response:
    clerk = require(request, Right.WORK)
    case = request.path_params["case"]
    office.desk.done(case, clerk.id, marks.version(sent), office.now())
    return RedirectResponse(f"/cases/{case}?done=entered#done", status_code=303)


def _ask(office: Office, request: Request) -> Response:
    require(request, Right.WORK)
    file = _handover(office, request)
    form = Form({"since": office.now().astimezone(ZONE).date().isoformat()})
    return _page(office, request, file, form, marks.new(office.now()), file.version)


def _say(office: Office, request: Request, sent: FormData) -> Response:
    clerk = require(request, Right.WORK)
    file = _handover(office, request)
    version, mark = marks.version(sent), marks.form(sent)
    form = Form(sent)
    since = form.day("since", GIVE_THE_DAY)
    if since is None:
        return _page(office, request, file, form, mark, version)
    said = HandoverContinued(continued_since=since)
    try:
        office.desk.say(file.case, clerk.id, version, said, mark, office.now())
    except WouldBeRefused as refused:
        told_beforehand(form, refused, {"continued_since": "since"})
        return _page(office, request, file, form, mark, version)
    return RedirectResponse(f"/cases/{file.case}?done=said#done", status_code=303)


def _page(
    office: Office, request: Request, file: CaseFile, form: Form, mark: str, version: int
) -> Response:
    values = {"file": file, "form": form, "mark": mark, "version": version}
    return office.answer(request, "continued.html", values, 422 if form.problems else 200)


def _handover(office: Office, request: Request) -> CaseFile:
    file = office.desk.peek(request.path_params["case"])
    if file.handover is not HandoverState.OPEN:
        raise HTTPException(404)
    return file
