"""One step of a referral as one form: asked, looked at, said."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Final

from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from hub.casework.case_file import CaseFile
from hub.casework.refusals import ClaimedByAnother, StepNotAllowed, WouldBeRefused
from hub.domain.transitions import Side, Situation, Step, steps_of
from hub.pages.forms import Form, posted
from hub.web import marks, step_fields
from hub.web.access import Right, require
from hub.web.office import Office
from hub.web.told_beforehand import told_beforehand
from schemas.vocabulary import MeetingPlace, Outcome

PATH: Final = "/cases/{case}/steps/{step}"
FIELDS: Final = {"new_owner": "party", "reason": "reason", "outcome": "outcome"}
"""The fields of the form by those of the event."""


def routes(office: Office) -> Sequence[Route]:
    """Each step's form at its address."""
    return (
        Route(PATH, partial(_ask, office), methods=["GET"], name="step"),
        Route(PATH, posted(partial(_say, office)), methods=["POST"], name="say"),
    )


def _ask(office: Office, request: Request) -> Response:
    clerk = require(request, Right.WORK)
    step, file = _step(request), office.desk.peek(request.path_params["case"])
    if file.assigned_to not in (None, clerk.id):
        raise ClaimedByAnother(file.assigned_to)
    if step not in (allowed := _allowed(file)):
        raise StepNotAllowed(allowed)
    usual = {"place": file.wished_place or MeetingPlace.TOWN_HALL}
    form = Form(usual if step_fields.ASKED[step].appointment else None)
    return _page(office, request, step, file, form, marks.new(office.now()))


def _say(office: Office, request: Request, sent: FormData) -> Response:
    clerk = require(request, Right.WORK)
    step, case = _step(request), request.path_params["case"]
    version, mark = marks.version(sent), marks.form(sent)
    file = office.desk.peek(case)
    form, now = Form(sent), office.now()
    said = step_fields.read(step, form, list(receivers(office, file)), now)
    if said is None:
        return _page(office, request, step, file, form, mark, version)
    try:
        office.desk.say(case, clerk.id, version, said, mark, now)
    except WouldBeRefused as refused:
        told_beforehand(form, refused, FIELDS)
        return _page(office, request, step, file, form, mark, version)
    return RedirectResponse(f"/cases/{case}?done=said#done", status_code=303)


def _page(
    office: Office,
    request: Request,
    step: Step,
    file: CaseFile,
    form: Form,
    mark: str,
    version: int | None = None,
) -> Response:
    values = {
        "step": step,
        "file": file,
        "form": form,
        "mark": mark,
        "version": file.version if version is None else version,
        "asked": step_fields.ASKED[step],
        "outcomes": list(Outcome),
        "places": list(MeetingPlace),
        "parties": receivers(office, file),
        "today": office.now(),
    }
    return office.answer(request, "step.html", values, 422 if form.problems else 200)


def receivers(office: Office, file: CaseFile) -> Mapping[str, str]:
    """To whom this referral may be forwarded, in the order of their names."""
    names = {
        party.id: party.name
        for party in office.parties.party
        if party.may_receive("referral.requested")
        and party.is_committed
        and party.id not in (office.party.id, file.other)
    }
    return dict(sorted(names.items(), key=lambda each: each[1].casefold()))


def _allowed(file: CaseFile) -> Sequence[Step]:
    """What may be said of the case as it stands, to tell before anything is filled in."""
    if file.status is None:
        return ()
    side = Side.OWNER if file.is_ours else Side.SENDER
    agreed = file.appointment_at is not None
    return steps_of(side, Situation(file.status, agreed, file.cancellation_requested))


def _step(request: Request) -> Step:
    """The step in the address; one that people cannot take is not there."""
    try:
        step = Step(request.path_params["step"])
    except ValueError:
        raise HTTPException(404) from None
    if step not in step_fields.ASKED:
        raise HTTPException(404)
    return step
