"""The referrals of the year: who asks whom for what."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from schemas.data import Data
from schemas.events.referral_requested import ReferralRequestedV0
from schemas.vocabulary import Service
from tests.support.desk import Desk
from tests.support.district import EPPERTSHAUSEN, JOBCENTER_SERVICES, KFB, TOWN_SERVICES, Town
from tests.support.referral_stories import (
    APPLICATION,
    CONSENT,
    MUNICIPAL,
    OWN_TASK,
    REMARKS,
    requested,
)
from tests.year.offices import PROVIDER
from tests.year.script.course import Course
from tests.year.script.habits import Habits
from tests.year.script.offers import Shelf
from tests.year.script.referral_case import Asked, ReferralCase
from tests.year.script.referral_course import tell
from tests.year.script.referral_mistakes import plant
from tests.year.script.saying import Saying


def referral(desk: Desk, habits: Habits, shelf: Shelf, at: datetime) -> Sequence[Saying]:
    """All that is said of one referral, asked at this tick or soon after."""
    desk.now = at
    home = desk.town()
    asked = _asked(desk, shelf, home)
    course = Course(desk, desk.subject("R"), at)
    course.wait(asked.sender, timedelta())
    tell(ReferralCase(course, asked, habits), plant)
    return course.said


def _asked(desk: Desk, shelf: Shelf, home: Town) -> Asked:
    kind = desk.chance.random()
    if kind < 0.5:
        return _to_jobcenter(desk, home)
    if kind < 0.72:
        return _to_town(desk, KFB, home)
    if kind < 0.82:
        return _to_town(desk, desk.town(but=home.ags).ags, home)
    if kind < 0.9 and (offer := shelf.any_now(desk.chance, desk.now)):
        data = requested(desk, home, Service.LOCAL_OFFER, KFB, why=CONSENT, offer_id=offer.subject)
        return Asked(KFB, offer.publisher, data, CONSENT, offer.publisher)
    if kind < 0.95:
        data = requested(desk, home, Service.ADDICTION_COUNSELLING, home.ags, why=CONSENT)
        return Asked(home.ags, PROVIDER, data, CONSENT, PROVIDER)
    data = requested(desk, home, desk.chance.choice(JOBCENTER_SERVICES), PROVIDER, why=CONSENT)
    return Asked(PROVIDER, KFB, data, CONSENT)


def _to_jobcenter(desk: Desk, home: Town) -> Asked:
    """A town hall sends somebody to the jobcenter."""
    service = desk.chance.choice(JOBCENTER_SERVICES)
    if home.ags == EPPERTSHAUSEN and desk.happens(0.5):
        return Asked(home.ags, KFB, _as_of_old(desk, home, service), OWN_TASK)
    why = desk.chance.choice((APPLICATION, OWN_TASK))
    note = desk.people.remark(desk.chance.choice(REMARKS)) if desk.happens(0.3) else None
    data = requested(desk, home, service, home.ags, note=note)
    return Asked(home.ags, KFB, data, why, KFB if desk.happens(0.1) else None)


def _to_town(desk: Desk, sender: str, home: Town) -> Asked:
    """Somebody is sent to the municipal services where they live (SGB II §16a)."""
    why = CONSENT if desk.happens(0.2) else MUNICIPAL
    data = requested(desk, home, desk.chance.choice(TOWN_SERVICES), sender, why=why)
    return Asked(sender, home.ags, data, why)


def _as_of_old(desk: Desk, home: Town, service: Service) -> Data:
    """As the pilot's own system says it."""
    return ReferralRequestedV0(
        client=desk.people.client(home),
        service=service,
        on_site=desk.happens(0.6),
        received_at=desk.earlier(2),
        received_by=home.ags,
    )
