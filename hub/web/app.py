"""The back office as a web application: its pages, and what stands around each."""

from collections.abc import Callable
from datetime import datetime

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from hub.audit.keeping import Audit
from hub.casework.desk import Desk
from hub.domain.parties import Parties
from hub.entry.addresses import Addresses
from hub.entry.gate import Addressed, Gate
from hub.pages import language_choice
from hub.pages.faults import Faults
from hub.pages.headers import Headers
from hub.pages.marking import N_
from hub.pages.static import Static
from hub.web import (
    about,
    acts,
    case,
    claims,
    entering,
    figures,
    inbox,
    new_offer,
    new_referral,
    news,
    refused,
    steps,
)
from hub.web.access import Access
from hub.web.addresses import ADDRESSES, POLLED
from hub.web.office import Office
from hub.web.pages import Pages
from hub.web.setting import Setting
from hub.web.wording import ROOM

BROKEN = (
    N_("Something went wrong on our side"),
    N_("It is written down for operations, without your entries. Go back and try again."),
)


def create_app(
    desk: Desk,
    parties: Parties,
    now: Callable[[], datetime],
    access: Access,
    contact: str = "",
    figures_from: figures.Room | None = None,
    audit: Audit | None = None,
) -> Starlette:
    """The pages of the party whose desk it is; `now` is the time, with its offset.

    Without `figures_from` there is no page of figures. Without `audit` who opens a case is
    recorded at the desk alone.
    """
    static = Static(ROOM)
    pages = Pages(
        Setting(
            party=desk.party,
            parties=parties,
            now=now,
            static=static,
            contact=contact,
            has_figures=figures_from is not None,
            has_audit=audit is not None,
            context=access.context,
            name_of=access.name_of,
        )
    )
    office = Office(desk, parties, now, pages, audit)

    def broken(request: Request) -> Response:
        title, advice = BROKEN
        return office.answer(request, "refused.html", {"title": title, "advice": advice}, 500)

    def may_not(request: Request) -> Response:
        title, advice = refused.MAY_NOT
        return office.answer(request, "refused.html", {"title": title, "advice": advice}, 403)

    routes = [*_routes(office, figures_from), *static.routes, *access.routes(pages)]
    app = Starlette(
        routes=routes,
        middleware=[
            Middleware(Headers),
            Middleware(Faults, page=broken),
            Middleware(Addressed, addresses=Addresses(routes, ADDRESSES, POLLED)),
            *access.middleware(pages),
            Middleware(Gate, page=may_not),
        ],
        exception_handlers=dict(refused.handlers(office)),
    )
    app.router.redirect_slashes = False  # it would send to whatever host the caller names
    return app


def _routes(office: Office, figures_from: figures.Room | None) -> list[Route]:
    return [
        *inbox.routes(office),
        *news.routes(office),
        *claims.routes(office),
        *case.routes(office),
        *steps.routes(office),
        *entering.routes(office),
        *new_referral.routes(office),
        *new_offer.routes(office),
        *figures.routes(office, figures_from),
        *acts.routes(office),
        *about.routes(office),
        *language_choice.routes(),
        Route("/healthz", _healthz, methods=["GET"], name="healthz"),
    ]


async def _healthz(_request: Request) -> Response:
    """The pages are up; whether the database is, is not said here."""
    return Response("up\n", media_type="text/plain")
