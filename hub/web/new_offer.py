"""The page on which a support offer is published by hand."""

from collections.abc import Sequence
from functools import partial
from typing import Final

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from hub.casework.desk import Terms
from hub.casework.refusals import WouldBeRefused
from hub.pages.forms import Form, posted
from hub.web import marks, offer_form
from hub.web.access import Right, RoleMayNot, require
from hub.web.client_form import SPEECHES
from hub.web.new_referral import towns
from hub.web.office import Office
from hub.web.told_beforehand import told_beforehand
from hub.web.words.offers import WEEKDAYS
from schemas.vocabulary import CapacityStatus, LegalBasis, OfferCategory, Purpose, Service

PATH: Final = "/offers/new"
TERMS: Final = Terms(Purpose.DIRECTORY, LegalBasis.SGB1_17)


def routes(office: Office) -> Sequence[Route]:
    """The form at its address."""
    return (
        Route(PATH, partial(_ask, office), methods=["GET"], name="new-offer"),
        Route(PATH, posted(partial(_publish, office)), methods=["POST"], name="publish-offer"),
    )


def _ask(office: Office, request: Request) -> Response:
    _check_may_publish(office, request)
    usual = offer_form.usual(office.party, list(towns(office)))
    return _page(office, request, Form(usual), marks.new(office.now()))


def _publish(office: Office, request: Request, sent: FormData) -> Response:
    clerk = _check_may_publish(office, request)
    mark, now, form = marks.form(sent), office.now(), Form(sent)
    district = office.parties.district
    shown = marks.shown_at(mark, now)
    said = offer_form.read(form, district, list(towns(office)), SPEECHES, shown)
    if said is None:
        return _page(office, request, form, mark)
    try:
        number = office.desk.start(said, TERMS, clerk, mark, now)
    except WouldBeRefused as refused:
        told_beforehand(form, refused, {"service_area": "area", "place_ags": "place"})
        return _page(office, request, form, mark)
    return RedirectResponse(f"/cases/{number}?done=published#done", status_code=303)


def _check_may_publish(office: Office, request: Request) -> str:
    """The clerk's id; raises RoleMayNot where the role or the registry does not allow it."""
    clerk = require(request, Right.WORK)
    if LegalBasis.SGB1_17 not in office.party.sends.get("support-offer", ()):
        raise RoleMayNot
    return clerk.id


def _page(office: Office, request: Request, form: Form, mark: str) -> Response:
    values = {
        "form": form,
        "mark": mark,
        "categories": list(OfferCategory),
        "services": list(Service),
        "district": office.parties.district,
        "towns": towns(office),
        "speeches": SPEECHES,
        "weekdays": WEEKDAYS,
        "opening_lines": range(1, offer_form.OPENING_LINES + 1),
        "capacities": list(CapacityStatus),
    }
    return office.answer(request, "new_offer.html", values, 422 if form.problems else 200)
