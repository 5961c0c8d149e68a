"""What a clerk reads when something cannot be done: what happened, and what to do now."""

from collections.abc import Callable, Mapping
from functools import partial
from http import HTTPStatus
from typing import Any, Final

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from connectors.errors import Later
from hub.audit.keeping import NotAudited
from hub.casework.refusals import (
    AlreadySent,
    CaseNotHere,
    ChangedMeanwhile,
    ClaimedByAnother,
    StepNotAllowed,
)
from hub.entry.words import AWAY, NOT_AUDITED
from hub.pages.marking import N_
from hub.web.access import RoleMayNot
from hub.web.asked import NotAList
from hub.web.office import Office

Handler = Callable[[Request, Any], Response]

NOT_HERE: Final = (
    N_("There is no such case here"),
    N_("There is no case with this number on your party's desk. Look whether it is complete."),
)
NOT_FOUND: Final = (
    N_("There is nothing at this address"),
    N_("The page was moved, or the address is not complete."),
)
MAY_NOT: Final = (
    N_("Your account may not do this"),
    N_("Ask your lead if you need it for your work. Nothing was changed."),
)
NOT_READ: Final = (
    N_("This could not be read"),
    N_("The form or the address is not one of ours, or not complete. Nothing was changed."),
)


def handlers(office: Office) -> Mapping[type[Exception], Handler]:
    """Each refusal with the page that explains it."""
    plain: Mapping[type[Exception], tuple[HTTPStatus, tuple[str, str]]] = {
        CaseNotHere: (HTTPStatus.NOT_FOUND, NOT_HERE),
        RoleMayNot: (HTTPStatus.FORBIDDEN, MAY_NOT),
        NotAList: (HTTPStatus.BAD_REQUEST, NOT_READ),
    }
    pages: dict[type[Exception], Handler] = {
        refusal: partial(_plain, office, *answer) for refusal, answer in plain.items()
    }
    return pages | {
        HTTPException: partial(_http, office),
        Later: partial(_away, office, AWAY),
        NotAudited: partial(_away, office, NOT_AUDITED),
        AlreadySent: partial(_already, office),
        ClaimedByAnother: partial(_conflict, office),
        ChangedMeanwhile: partial(_conflict, office),
        StepNotAllowed: partial(_conflict, office),
    }


def _plain(
    office: Office, status: HTTPStatus, says: tuple[str, str], request: Request, _why: Exception
) -> Response:
    title, advice = says
    return office.answer(request, "refused.html", {"title": title, "advice": advice}, status)


def _away(office: Office, says: tuple[str, str], request: Request, why: Later) -> Response:
    title, advice = says
    values = {"title": title, "advice": advice}
    answer = office.answer(request, "refused.html", values, HTTPStatus.SERVICE_UNAVAILABLE)
    answer.headers["Retry-After"] = f"{why.retry_after_s:.0f}"
    return answer


def _http(office: Office, request: Request, why: HTTPException) -> Response:
    unknown = why.status_code in (HTTPStatus.NOT_FOUND, HTTPStatus.METHOD_NOT_ALLOWED)
    title, advice = NOT_FOUND if unknown else NOT_READ
    values = {"title": title, "advice": advice}
    answer = office.answer(request, "refused.html", values, why.status_code)
    answer.headers.update(why.headers or {})
    return answer


def _already(office: Office, request: Request, why: AlreadySent) -> Response:
    """A form that was sent, gone back to, changed, and sent again."""
    return office.answer(request, "already_sent.html", {"case": why.case}, HTTPStatus.CONFLICT)


def _conflict(office: Office, request: Request, why: Exception) -> Response:
    """Somebody was faster: who, and what can be done now."""
    values = {
        "case": request.path_params["case"],
        "holder": why.clerk if isinstance(why, ClaimedByAnother) else None,
        "allowed": why.allowed if isinstance(why, StepNotAllowed) else None,
    }
    return office.answer(request, "conflict.html", values, HTTPStatus.CONFLICT)
