"""The page of one case: what it is, how it stands, what may be done, and what happened so far.

Opening it is recorded by the desk. An auditor sees what happened, not what it contains.
"""

from collections.abc import Sequence
from functools import partial
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from hub.casework.case_file import CaseFile
from hub.casework.desk import OpenCase
from hub.casework.views import View
from hub.domain.transitions import Step
from hub.pages.marking import N_
from hub.web.access import Clerk, Right, clerk_of
from hub.web.facts.chapter import Names
from hub.web.facts.contents import chapters
from hub.web.office import Office
from hub.web.step_fields import PRIMARY
from hub.web.words.inbox import KIND_MEANINGS
from schemas.events.ledger_recorded import HandoverState

DONE: Final = {
    "claimed": N_("You have taken over this case."),
    "released": N_("The case is released: anybody may take it over."),
    "said": N_("Your answer is written down and goes out now."),
    "entered": N_("It is noted as entered."),
    "sent": N_("Your referral is written down and goes out now."),
    "published": N_("Your offer is written down and goes out now."),
}
"""What was done last, as its address says it."""


def routes(office: Office) -> Sequence[Route]:
    """A case at its address."""
    return (Route("/cases/{case}", partial(_show, office), methods=["GET"], name="case"),)


def _show(office: Office, request: Request) -> Response:
    clerk, case = clerk_of(request), request.path_params["case"]
    if not clerk.may(Right.CONTENT):
        return _show_trail(office, request, case)
    opened = office.open(case, clerk)
    say = office.pages.wording(request)
    setting = office.pages.setting
    names = Names(setting.party_name, setting.town_name)
    values = {
        "file": opened.file,
        "history": opened.history,
        "chapters": chapters(opened.content, say, names) if opened.content else (),
        "earlier": [
            (paper, chapters(paper.data, say, names))
            for paper in reversed(opened.papers)
            if paper.data != opened.content
        ],
        "terms": opened.terms,
        "matches": [match for match in opened.matches if match.suits],
        **_steps(opened),
        "back": _view_of(opened.file, clerk),
        "advice": KIND_MEANINGS.get(opened.file.kind),
        "done": DONE.get(request.query_params.get("done", "")),
        **holding(opened.file, clerk),
    }
    return office.answer(request, "case.html", values)


def _steps(opened: OpenCase) -> dict[str, object]:
    """What leads on, and what else may be said; who has an appointment is offered to move it."""
    again = Step.APPOINTMENT_MADE if opened.file.appointment_at else None
    may = [step for step in opened.steps if step is not again]
    return {
        "steps": [step for step in PRIMARY if step in may],
        "other_steps": [step for step in may if step not in PRIMARY],
    }


def _view_of(file: CaseFile, clerk: Clerk) -> View:
    """The view in which this case stands, to go back to."""
    if file.is_over:
        return View.DONE
    if file.assigned_to == clerk.id:
        return View.MINE
    return View.UNASSIGNED if file.is_ours else View.WAITING


def holding(file: CaseFile, clerk: Clerk) -> dict[str, object]:
    """Who has a case, and what this clerk may do about it."""
    mine = file.assigned_to == clerk.id
    free = file.assigned_to is None
    works = clerk.may(Right.WORK)
    return {
        "mine": mine,
        "may_work": works and (mine or free),
        "may_claim": works and free and not file.is_over,
        "may_release": works and not free and (mine or clerk.may(Right.RELEASE)),
        "may_enter": works and (mine or free) and file.to_enter,
        "may_note": works and (mine or free) and not file.to_enter and file.problem is not None,
        "may_continue": works and (mine or free) and file.handover is HandoverState.OPEN,
    }


def _show_trail(office: Office, request: Request, case: str) -> Response:
    history = office.desk.history(case)
    values = {"file": office.desk.peek(case), "history": history}
    return office.answer(request, "trail.html", values)
