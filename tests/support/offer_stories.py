"""Support offers of a day: published, filled up, withdrawn."""

from schemas.events.support_offer_capacity_changed import SupportOfferCapacityChanged
from schemas.events.support_offer_published import Capacity, Schedule, SupportOfferPublished
from schemas.events.support_offer_withdrawn import SupportOfferWithdrawn
from schemas.vocabulary import (
    CapacityStatus,
    LegalBasis,
    OfferCategory,
    Purpose,
    Service,
    WithdrawalReason,
)
from tests.support.desk import Desk, Story
from tests.support.district import DISTRICT, KFB, Town

DIRECTORY = (LegalBasis.SGB1_17, Purpose.DIRECTORY)
OFFERS = (
    ("Schuldnerberatung", OfferCategory.COUNSELLING, Service.DEBT_COUNSELLING),
    ("Sprachcafé", OfferCategory.LANGUAGE, None),
    ("Krabbelgruppe Gänseblümchen", OfferCategory.CHILDCARE, Service.CHILDCARE_AND_CARE),
    ("Kleiderkammer", OfferCategory.MATERIAL_HELP, None),
    ("Bewerbungswerkstatt", OfferCategory.QUALIFICATION, None),
    ("Suchtberatung am Brückentor", OfferCategory.HEALTH, Service.ADDICTION_COUNSELLING),
)


def offer(desk: Desk) -> Story:
    """One offer and how many places it has left."""
    place = desk.town()
    sender = KFB if desk.happens(0.15) else place.ags
    subject = desk.subject("A")
    places = desk.chance.randrange(6, 20)
    published = desk.say(sender, subject, described(desk, place, places), DIRECTORY)
    yield published
    for _ in range(desk.chance.randrange(3)):
        places = max(0, places - desk.chance.randrange(1, 8))
        news = SupportOfferCapacityChanged(capacity=counted(desk, places))
        yield desk.say(sender, subject, news, DIRECTORY, because_of=published.context.id)
    if desk.happens(0.3):
        gone = SupportOfferWithdrawn(reason=WithdrawalReason.NO_LONGER_OFFERED)
        yield desk.say(sender, subject, gone, DIRECTORY, because_of=published.context.id)


def for_jobseekers(desk: Desk, place: Town, name: str, service: Service) -> Story:
    """An offer of a town, for all of the district whom the Kreisagentur counsels."""
    said = {
        "name": f"{name} {place.name}",
        "category": OfferCategory.COUNSELLING,
        "service": service,
        "service_area": (DISTRICT,),
    }
    offered = described(desk, place, 8).model_copy(update=said)
    yield desk.say(place.ags, desk.subject("A"), offered, DIRECTORY)


def described(desk: Desk, place: Town, places: int) -> SupportOfferPublished:
    """An offer at this place with so many places, as it is published."""
    name, category, service = desk.chance.choice(OFFERS)
    neighbours = {desk.town(but=place.ags).ags for _ in range(2)}
    area = desk.chance.choices(
        ((place.ags,), tuple(sorted({place.ags, *neighbours})), (DISTRICT,)), (3, 4, 2)
    )[0]
    return SupportOfferPublished(
        name=f"{name} {place.name}",
        organisation=f"Förderverein {place.name} e. V.",
        category=category,
        service=service,
        description="Offener Treff mit Beratung; für Anfänger geeignet.",
        service_area=area,
        place_ags=place.ags,
        schedules=(Schedule(byday=("TU", "TH"), opens_at="09:30", closes_at="12:00"),),
        languages=("de", "tr"),
        assured_date=desk.earlier(20).date(),
        capacity=counted(desk, places),
    )


def counted(desk: Desk, places: int) -> Capacity:
    """So many places, counted now."""
    status = CapacityStatus.CAPACITY if places else CapacityStatus.NO_CAPACITY
    return Capacity(status=status, available=places, maximum=20, updated=desk.now)
