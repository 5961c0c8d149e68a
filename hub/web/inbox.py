"""The inbox: a view of the cases as a table, with filter, order and pages."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Final

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from hub.casework.case_file import CaseFile
from hub.casework.desk import CasePage, Wanted
from hub.casework.views import View
from hub.pages.marking import N_
from hub.web import asked
from hub.web.access import Right, clerk_of
from hub.web.office import Office
from schemas.vocabulary import Service, Urgency

FIRST_VIEW: Final = View.UNASSIGNED
COLUMNS: Final = {
    "case": N_("Case"),
    "": N_("Concern"),
    "received": N_("Received"),
    "due": N_("Due"),
    "status": N_("Status"),
    " ": N_("Worked on by"),
}
"""The headings by what they sort; a blank name sorts nothing."""
SORTED_BY: Final = {
    "case": N_("case number"),
    "received": N_("day received"),
    "due": N_("deadline"),
    "status": N_("status"),
    "changed": N_("last change"),
}
NEAR: Final = 2
"""How many pages beside the present one are linked."""


def routes(office: Office) -> Sequence[Route]:
    """The inbox at its addresses."""
    return (
        Route("/", _enter, methods=["GET"], name="start"),
        Route("/inbox/{view}", partial(_show, office), methods=["GET"], name="inbox"),
    )


def _enter(_request: Request) -> Response:
    return RedirectResponse(f"/inbox/{FIRST_VIEW}", status_code=303)


def _show(office: Office, request: Request) -> Response:
    clerk, now = clerk_of(request), office.now()
    wanted = asked.read(request.path_params["view"], request.query_params, clerk.id)
    page = office.desk.cases(wanted, now)
    if wanted.page > 1 and not page.cases:
        return RedirectResponse(asked.address(wanted, page=1), status_code=303)
    values: dict[str, object] = {
        "wanted": wanted,
        "counts": office.desk.counts(clerk.id, now),
        "page": page,
        "first": (wanted.page - 1) * wanted.per_page + 1,
        "last_page": max(1, -(-page.total // wanted.per_page)),
        "address": partial(asked.address, wanted),
        "turned": partial(asked.turned, wanted),
        "columns": COLUMNS,
        "sorted_by": SORTED_BY[wanted.sort.removeprefix("-")],
        "services": list(Service),
        "urgencies": list(Urgency),
        "others": _others(office),
        "may_claim": clerk.may(Right.WORK),
        "claimable": _claimable(page.cases),
        "ticked": request.query_params.get("select") == "all",
    }
    values["page_numbers"] = page_numbers(wanted, page)
    return office.answer(request, "inbox.html", values)


def page_numbers(wanted: Wanted, page: CasePage) -> Sequence[int | None]:
    """The pages that are linked: the first, the last, and those beside; None is a gap."""
    last = max(1, -(-page.total // wanted.per_page))
    near = {1, last, *range(wanted.page - NEAR, wanted.page + NEAR + 1)}
    shown: list[int | None] = []
    for number in sorted(each for each in near if 1 <= each <= last):
        before = shown[-1] if shown else 0
        if before is not None and number > before + 1:
            shown.append(None)
        shown.append(number)
    return shown


def _claimable(cases: Sequence[CaseFile]) -> frozenset[str]:
    return frozenset(
        each.case
        for each in cases
        if each.is_ours and not each.is_over and each.assigned_to is None
    )


def _others(office: Office) -> Mapping[str, str]:
    """The parties a case may be with, in the order of their names."""
    names = {party.id: party.name for party in office.parties.party if party != office.party}
    return dict(sorted(names.items(), key=lambda each: each[1].casefold()))
