"""A back office for tests: a clock that stands, clerks who are known by a cookie, a filled desk."""

import random
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Final, Protocol

from markupsafe import Markup
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from hub.access.clerk import Clerk
from hub.access.roles import Role
from hub.casework.desk import Desk, Terms
from hub.casework.happenings import Confirmed, Delivered, Happening, Refused, Spoken, Unread
from hub.domain.parties import Parties
from hub.domain.transitions import Step
from hub.party_file import load_parties
from hub.web.access import Access
from hub.web.app import create_app
from hub.web.figures import Room
from schemas.data import Data
from schemas.events.address_change_reported import AddressChangeReported
from schemas.events.disclosure_block_set import DisclosureBlockSet
from schemas.events.handover_opened import HandoverOpened
from schemas.events.referral_requested import ReferralRequested
from schemas.events.referral_status_changed import Appointment, ReferralStatusChanged
from schemas.events.reminder_overdue import ReminderOverdue
from schemas.vocabulary import (
    MUNICIPAL_SERVICES,
    MeetingPlace,
    Outcome,
    ReportedBy,
    Service,
    StatusReason,
    Urgency,
)
from tests.support.district import BY_AGS, EPPERTSHAUSEN, KFB, TOWNS
from tests.support.memory_desk import MemoryDesk
from tests.support.people import People

NOW: Final = datetime(2026, 11, 25, 9, 30, tzinfo=UTC)
"""A Wednesday, half past ten in Berlin."""
PETRA: Final = Clerk("clerk-petra", "Petra Beispiel", Role.CLERK)
MURAT: Final = Clerk("clerk-murat", "Murat Muster", Role.CLERK)
LEAD: Final = Clerk("clerk-lena", "Lena Leitung", Role.LEAD)
AUDITOR: Final = Clerk("clerk-rolf", "Rolf Revision", Role.AUDITOR)
CLERKS: Final = {clerk.id: clerk for clerk in (PETRA, MURAT, LEAD, AUDITOR)}
COOKIE: Final = "test-clerk"
TOKEN: Final = "known-token"
CONTACT: Final = "Servicestelle Kurze Wege, Telefon 06151 881-0"
PARTIES: Final = load_parties()
SERVICES: Final = (
    Service.BENEFIT_ADVICE,
    Service.HOUSING_COSTS,
    Service.JOB_PLACEMENT,
    Service.CASE_MANAGEMENT_ON_SITE,
)


class Stage(Desk, Protocol):
    """A desk that a test can let things happen to, and look behind."""

    @property
    def said(self) -> Sequence[tuple[str, Data]]:
        """What stands in the outbox: case and data, in order."""

    @property
    def last_event(self) -> str:
        """The id of what was said last."""

    @property
    def terms(self) -> Mapping[str, Terms]:
        """On which terms each case was last spoken of here."""

    def happens(self, case: str, happening: Happening) -> None:
        """Something came in, or the hub answered."""


class _KnownByCookie:
    """What the accounts do in a real office: says who asks, refuses what is not from our forms."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = Request(scope, receive)
        request.state.clerk = CLERKS[request.cookies.get(COOKIE, PETRA.id)]
        if scope["method"] == "POST":
            body = await request.body()

            async def again() -> Message:
                return {"type": "http.request", "body": body, "more_body": False}

            if f"csrf_token={TOKEN}".encode() not in body:
                await Response("not from our forms", 403)(scope, receive, send)
                return
            await self._app(scope, again, send)
            return
        await self._app(scope, receive, send)


def known_by_cookie() -> Access:
    """Accounts that need no password."""
    field = Markup('<input type="hidden" name="csrf_token" value="{}">').format(TOKEN)

    def name_of(clerk: str) -> str | None:
        found = CLERKS.get(clerk)
        return found.name if found else None

    return Access(
        middleware=lambda _pages: [Middleware(_KnownByCookie)],
        routes=lambda _pages: [],
        context=lambda _request: {"csrf_field": field, "session": None},
        name_of=name_of,
    )


def office(
    desk: Desk,
    now: datetime = NOW,
    parties: Parties = PARTIES,
    figures_from: Room | None = None,
) -> Starlette:
    """The pages over this desk, at this time."""
    return create_app(desk, parties, lambda: now, known_by_cookie(), CONTACT, figures_from)


def memory_desk(party: str = KFB) -> MemoryDesk:
    """An empty desk of the jobcenter, or of another party."""
    return MemoryDesk(party, PARTIES)


def asked(
    people: People,
    service: Service = Service.BENEFIT_ADVICE,
    ags: str = EPPERTSHAUSEN,
    urgency: Urgency = Urgency.ROUTINE,
    at: datetime = NOW,
) -> ReferralRequested:
    """A referral of an invented client."""
    return ReferralRequested(
        client=people.client(BY_AGS[ags]),
        service=service,
        urgency=urgency,
        wished_place=MeetingPlace.TOWN_HALL,
        first_received_at=at,
        first_received_by=ags,
        note=None
        if service in MUNICIPAL_SERVICES
        else people.remark("Bitte vor zehn Uhr anrufen."),
    )


def working_days_ago(days: int, hour: int = 9) -> datetime:
    """So many weekdays before the test's today, in the morning."""
    at = NOW.replace(hour=hour, minute=12)
    while days:
        at -= timedelta(days=1)
        days -= at.weekday() < 5
    return at


def stepped(step: Step, **more: object) -> ReferralStatusChanged:
    """A step, with its reason, outcome or appointment."""
    return ReferralStatusChanged.model_validate({"status": step, **more})


def fill(stage: Stage, seed: int = 7) -> None:
    """A morning at the jobcenter: cases of every kind, in every state."""
    chance = random.Random(seed)
    people = People(chance)
    _new_referrals(stage, people, chance)
    _going_referrals(stage, people)
    _sent_referrals(stage, people)
    _other_cases(stage, people)


def _new_referrals(stage: Stage, people: People, chance: random.Random) -> None:
    for number in range(38):
        at = working_days_ago(number % 4, hour=7 + number % 3)
        town = TOWNS[number % len(TOWNS)].ags
        urgency = (Urgency.ROUTINE, Urgency.ROUTINE, Urgency.URGENT, Urgency.ROUTINE)[number % 4]
        request = asked(people, chance.choice(SERVICES), town, urgency, at)
        stage.happens(f"R-{2000 + number}", Delivered(at, town, request))
    for case, days, urgency in (
        ("R-1001", 7, Urgency.ASAP),
        ("R-1002", 6, Urgency.ROUTINE),
        ("R-1003", 5, Urgency.URGENT),
    ):
        at = working_days_ago(days)
        request = asked(people, Service.CASE_MANAGEMENT_ON_SITE, EPPERTSHAUSEN, urgency, at)
        stage.happens(case, Delivered(at, EPPERTSHAUSEN, request))


def _going_referrals(stage: Stage, people: People) -> None:
    appointment = Appointment(place=MeetingPlace.TOWN_HALL, at=NOW + timedelta(days=2, hours=3))
    courses: Mapping[str, Sequence[ReferralStatusChanged]] = {
        "R-1101": (stepped(Step.ACCEPTED),),
        "R-1102": (stepped(Step.ACCEPTED, appointment=appointment),),
        "R-1103": (
            stepped(Step.ACCEPTED),
            stepped(Step.ON_HOLD, reason=StatusReason.DOCUMENTS_MISSING),
        ),
        "R-1104": (
            stepped(Step.ACCEPTED, appointment=appointment),
            stepped(Step.COMPLETED, outcome=Outcome.SERVICE_RECEIVED),
        ),
        "R-1105": (stepped(Step.REJECTED, reason=StatusReason.NOT_RESPONSIBLE),),
    }
    for case, course in courses.items():
        at = working_days_ago(3)
        request = asked(people, Service.JOB_PLACEMENT, EPPERTSHAUSEN, Urgency.ROUTINE, at)
        stage.happens(case, Delivered(at, EPPERTSHAUSEN, request))
        for nth, said in enumerate(course, 1):
            told = at + timedelta(hours=2 * nth)
            event = f"{case}-{nth}"
            stage.happens(case, Spoken(told, event, said))
            to = (EPPERTSHAUSEN,)
            confirmed = Confirmed(told, event, "referral.status-changed", to)
            stage.happens(case, confirmed)
    asks = stepped(Step.CANCELLATION_REQUESTED, reason=StatusReason.NO_LONGER_NEEDED)
    stage.happens("R-1101", Delivered(NOW - timedelta(hours=1), EPPERTSHAUSEN, asks))


def _sent_referrals(stage: Stage, people: People) -> None:
    for number, service in enumerate(sorted(MUNICIPAL_SERVICES), 1):
        case, town = f"K-{3000 + number}", TOWNS[number].ags
        at = working_days_ago(number)
        request = asked(people, service, town, Urgency.ROUTINE, at)
        stage.happens(case, Spoken(at, f"k-{number}", request, town))
        if number == 1:
            stage.happens(case, Refused(at, f"k-{number}", request.TYPE, "no-recipient"))
        elif number < 4:
            stage.happens(case, Confirmed(at, f"k-{number}", request.TYPE, (town,)))
    accepted = stepped(Step.ACCEPTED)
    stage.happens("K-3002", Delivered(NOW - timedelta(hours=4), TOWNS[2].ags, accepted))


def _other_cases(stage: Stage, people: People) -> None:
    at, griesheim, dieburg = working_days_ago(1), BY_AGS["06432008"], BY_AGS["06432004"]
    moved = AddressChangeReported(
        person=people.person(),
        old_ags=dieburg.ags,
        old_address=people.address(dieburg),
        new_ags=griesheim.ags,
        new_address=people.address(griesheim),
        valid_from=date(2026, 11, 15),
        reported_by=ReportedBy.REGISTER,
        case_open_at=KFB,
    )
    stage.happens("U-4001", Delivered(at, griesheim.ags, moved))
    blocked = DisclosureBlockSet(client_id="P-0815-4711", valid_from=date(2026, 11, 20))
    stage.happens("U-4002", Delivered(at, griesheim.ags, blocked))
    opened = HandoverOpened(
        old_carrier=KFB,
        old_ags=griesheim.ags,
        new_ags="06411000",
        valid_from=date(2026, 11, 16),
    )
    stage.happens("U-4003", Delivered(at, "hub", opened))
    late = ReminderOverdue(owner=dieburg.ags, due_at=working_days_ago(6), level=2)
    stage.happens("R-5001", Delivered(at, "hub", late))
    stage.happens("referrals-0-17", Unread(at, "value-unreadable"))
