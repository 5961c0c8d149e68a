"""Referrals of a day: who asks whom for what, and what they answer each other."""

from collections.abc import Iterator
from datetime import timedelta

from schemas.data import Data
from schemas.envelope import Event
from schemas.events.referral_requested import Consent, ReferralRequested, ReferralRequestedV0
from schemas.events.referral_status_changed import Appointment, ReferralStatusChanged
from schemas.vocabulary import (
    LegalBasis,
    MeetingPlace,
    Outcome,
    Purpose,
    ReferralStatus,
    Service,
    StatusReason,
    Urgency,
)
from tests.support.desk import Desk, Story
from tests.support.district import (
    EPPERTSHAUSEN,
    JOBCENTER_SERVICES,
    KFB,
    TOWN_SERVICES,
    Town,
)

Why = tuple[LegalBasis, Purpose]
APPLICATION: Why = (LegalBasis.SGB1_16_2, Purpose.BENEFITS)
OWN_TASK: Why = (LegalBasis.SGB10_69, Purpose.INTEGRATION)
CONSENT: Why = (LegalBasis.SGB10_67B, Purpose.INTEGRATION)
MUNICIPAL: Why = (LegalBasis.SGB2_16A, Purpose.MUNICIPAL_SERVICES)
REMARKS = (
    "Kommt mit dem Bus, bitte nicht vor 9 Uhr.",
    "Dolmetscher nötig, Unterlagen liegen bei uns.",
    "Rückruf am Vormittag erwünscht, über Mittag nicht erreichbar.",
)


def referral(desk: Desk) -> Story:
    """One referral of the usual kinds."""
    home = desk.town()
    kind = desk.chance.random()
    if home.ags == EPPERTSHAUSEN and kind < 0.5:
        return old_fashioned(desk, home)
    if kind < 0.6:
        return to_jobcenter(desk, home)
    if kind < 0.9:
        return to_town(desk, KFB, home)
    if kind < 0.95:
        return to_town(desk, desk.town(but=home.ags).ags, home)
    return to_local_offer(desk, home)


def to_jobcenter(desk: Desk, home: Town) -> Story:
    """A town hall sends somebody to the Kreisagentur."""
    service = desk.chance.choice(JOBCENTER_SERVICES)
    why = APPLICATION if service in JOBCENTER_SERVICES[::3] else OWN_TASK
    note = desk.people.remark(desk.chance.choice(REMARKS)) if desk.happens(0.3) else None
    data = requested(desk, home, service, home.ags, note=note)
    recipient = KFB if desk.happens(0.1) else None
    yield from _told(desk, home.ags, KFB, data, why, recipient)


def pressing(desk: Desk, home: Town) -> Story:
    """A town hall sends somebody to the Kreisagentur who cannot wait, and can come there."""
    service = Service.CASE_MANAGEMENT_ON_SITE
    data = requested(desk, home, service, home.ags, note=desk.people.remark(REMARKS[0]))
    urgent = {"urgency": Urgency.ASAP, "wished_place": MeetingPlace.TOWN_HALL}
    yield from _told(desk, home.ags, KFB, data.model_copy(update=urgent), OWN_TASK)


def to_town(desk: Desk, sender: str, home: Town) -> Story:
    """Somebody is sent to the municipal services where they live (SGB II §16a)."""
    why = CONSENT if desk.happens(0.2) else MUNICIPAL
    data = requested(desk, home, desk.chance.choice(TOWN_SERVICES), sender, why=why)
    yield from _told(desk, sender, home.ags, data, why)


def to_local_offer(desk: Desk, home: Town) -> Story:
    """The Kreisagentur sends somebody to an offer a town runs; it has to name the town."""
    offer_id = desk.subject("A")
    data = requested(desk, home, Service.LOCAL_OFFER, KFB, why=CONSENT, offer_id=offer_id)
    yield from _told(desk, KFB, home.ags, data, CONSENT, home.ags)


def old_fashioned(desk: Desk, home: Town) -> Story:
    """A referral as the pilot's own system still says it."""
    data = ReferralRequestedV0(
        client=desk.people.client(home),
        service=desk.chance.choice(JOBCENTER_SERVICES),
        on_site=desk.happens(0.6),
        received_at=desk.earlier(2),
        received_by=home.ags,
    )
    yield from _told(desk, home.ags, KFB, data, OWN_TASK)


def requested(
    desk: Desk,
    home: Town,
    service: Service,
    sender: str,
    *,
    why: Why = OWN_TASK,
    note: str | None = None,
    offer_id: str | None = None,
) -> ReferralRequested:
    """Somebody from this town needs a service; the usual things are said with it."""
    given = desk.earlier(5)
    return ReferralRequested(
        client=desk.people.client(home, blocked=desk.happens(0.04)),
        service=service,
        offer_id=offer_id,
        urgency=desk.chance.choices(tuple(Urgency), (8, 2, 1))[0],
        wished_place=desk.chance.choices(tuple(MeetingPlace), (6, 3, 2, 1))[0],
        first_received_at=desk.earlier(3),
        first_received_by=sender,
        consent=Consent(consent_id=desk.subject("E"), given_at=given) if why == CONSENT else None,
        note=note,
    )


def _told(
    desk: Desk, sender: str, owner: str, data: Data, why: Why, recipient: str | None = None
) -> Story:
    subject = desk.subject("R")
    request = desk.say(sender, subject, data, why, recipient=recipient)
    yield request
    for speaker, step in _steps(desk, sender, owner):
        yield desk.say(speaker, subject, step, why, because_of=request.context.id)


def _steps(desk: Desk, sender: str, owner: str) -> Iterator[tuple[str, ReferralStatusChanged]]:
    """Who says which step, up to where the day ends."""
    course = desk.chance.random()
    if course < 0.1:
        reason = desk.chance.choice((StatusReason.AT_CAPACITY, StatusReason.NOT_RESPONSIBLE))
        yield owner, ReferralStatusChanged(status=ReferralStatus.REJECTED, reason=reason)
        return
    if course < 0.17:
        reason = StatusReason.CLIENT_DECLINED
        yield sender, ReferralStatusChanged(status=ReferralStatus.CANCELLED, reason=reason)
        return
    if course < 0.25:
        new_owner = desk.town(but=sender if owner == KFB else owner).ags
        if new_owner not in (sender, owner):
            status = ReferralStatus.FORWARDED
            yield owner, ReferralStatusChanged(status=status, new_owner=new_owner)
            owner = new_owner
    yield owner, _accepted(desk)
    if course < 0.32:
        reason = StatusReason.DOCUMENTS_MISSING
        yield owner, ReferralStatusChanged(status=ReferralStatus.ON_HOLD, reason=reason)
    yield owner, ReferralStatusChanged(status=ReferralStatus.IN_PROGRESS)
    outcome = desk.chance.choice(tuple(Outcome))
    yield owner, ReferralStatusChanged(status=ReferralStatus.COMPLETED, outcome=outcome)


def _accepted(desk: Desk) -> ReferralStatusChanged:
    meeting = Appointment(place=MeetingPlace.TOWN_HALL, at=desk.now + timedelta(days=6))
    appointment = meeting if desk.happens(0.6) else None
    return ReferralStatusChanged(status=ReferralStatus.ACCEPTED, appointment=appointment)


def first(story: Story) -> Event[Data]:
    """How a story begins."""
    return next(story)
