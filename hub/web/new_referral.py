"""The page on which a referral is sent by hand, for a town hall without a system of its own."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Final

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from hub.casework.refusals import WouldBeRefused
from hub.domain.working_year import ZONE
from hub.pages.forms import Form, posted
from hub.web import client_form, marks, referral_form
from hub.web.access import Right, RoleMayNot, require
from hub.web.office import Office
from hub.web.told_beforehand import told_beforehand
from schemas.events.referral_requested import REFERRAL_PURPOSES
from schemas.vocabulary import MUNICIPAL_SERVICES, MeetingPlace, Service, Urgency

PATH: Final = "/referrals/new"
FIELDS: Final = {
    "client.ags": "town",
    "first_received_at": "received_on",
    "legalbasis": "legal_basis",
    "note": "note",
    "offer_id": "offer_id",
    "purpose": "purpose",
    "recipient": "recipient",
    "service": "service",
}
"""The fields of the form by those of the event."""


def routes(office: Office) -> Sequence[Route]:
    """The form at its address."""
    return (
        Route(PATH, partial(_ask, office), methods=["GET"], name="new-referral"),
        Route(PATH, posted(partial(_send, office)), methods=["POST"], name="send-referral"),
    )


def _ask(office: Office, request: Request) -> Response:
    _check_may_send(office, request)
    party = office.party
    town = party.area if party.area in towns(office) else ""
    today = office.now().astimezone(ZONE).date().isoformat()
    usual = {"town": town or "", "received_on": today, "place": MeetingPlace.TOWN_HALL}
    return _page(office, request, Form(usual), marks.new(office.now()))


def _send(office: Office, request: Request, sent: FormData) -> Response:
    clerk = _check_may_send(office, request)
    mark, now = marks.form(sent), office.now()
    room = client_form.Room(
        office.party, list(towns(office)), list(receivers(office)), marks.sign_of(mark)
    )
    form = Form(sent)
    written = referral_form.read(form, room, now)
    if written is None:
        return _page(office, request, form, mark)
    try:
        case = office.desk.start(written.said, written.terms, clerk, mark, now)
    except WouldBeRefused as refused:
        told_beforehand(form, refused, FIELDS)
        return _page(office, request, form, mark)
    return RedirectResponse(f"/cases/{case}?done=sent#done", status_code=303)


def _check_may_send(office: Office, request: Request) -> str:
    """The clerk's id; raises RoleMayNot where the role or the registry does not allow it."""
    clerk = require(request, Right.WORK)
    if not office.party.sends.get("referral"):
        raise RoleMayNot
    return clerk.id


def _page(office: Office, request: Request, form: Form, mark: str) -> Response:
    values = {
        "form": form,
        "mark": mark,
        "services": list(Service),
        "municipal": MUNICIPAL_SERVICES,
        "urgencies": list(Urgency),
        "places": list(MeetingPlace),
        "towns": towns(office),
        "receivers": receivers(office),
        "purposes": sorted(REFERRAL_PURPOSES),
        "bases": office.party.sends.get("referral", ()),
        "speeches": client_form.SPEECHES,
    }
    return office.answer(request, "new_referral.html", values, 422 if form.problems else 200)


def towns(office: Office) -> Mapping[str, str]:
    """The district's municipalities by their keys, in the order of their names."""
    found = office.parties.municipalities((office.parties.district,))
    names = {party.area: party.name for party in found if party.area}
    return dict(sorted(names.items(), key=lambda each: each[1].casefold()))


def receivers(office: Office) -> Mapping[str, str]:
    """The parties that may be named, in the order of their names."""
    names = {
        party.id: party.name
        for party in office.parties.party
        if party.may_receive("referral.requested")
        and party.is_committed
        and party.id != office.party.id
    }
    return dict(sorted(names.items(), key=lambda each: each[1].casefold()))
