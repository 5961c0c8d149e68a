"""A support offer written by hand: what the form asks, and the event that is made of it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from hub.domain.parties import Party
from hub.domain.working_year import ZONE
from hub.pages.forms import Form
from hub.pages.marking import N_
from hub.web.words.offers import WEEKDAYS
from schemas.events.support_offer_published import Capacity, Schedule, SupportOfferPublished
from schemas.vocabulary import CapacityStatus, OfferCategory, Service

SHORT: Final = 200
LONG: Final = 2000
OPENING_LINES: Final = 3
NEEDED: Final = N_("This entry is needed.")
CHOOSE_AREA: Final = N_("Choose for whom it is: the whole district, or municipalities.")
GIVE_DAYS: Final = N_("Choose the days of these hours.")
GIVE_HOURS: Final = N_("Give from when to when.")
ENDS_BEFORE: Final = N_("It must end later than it begins.")
MORE_THAN_ALL: Final = N_("There cannot be more free places than places in all.")
SAY_PLACES: Final = N_("Say whether there are places.")


def read(
    form: Form, district: str, towns: Sequence[str], speeches: Sequence[str], now: datetime
) -> SupportOfferPublished | None:
    """The offer in this form; None where something is wrong, which the form then says."""
    name, organisation = form.text("name", SHORT, NEEDED), form.text("organisation", SHORT, NEEDED)
    category = form.choice("category", list(OfferCategory), NEEDED)
    service = form.choice("service", list(Service))
    description = form.text("description", LONG, NEEDED)
    area = _area(form, district, towns)
    place = form.pick("place", towns)
    schedules = [found for line in range(1, OPENING_LINES + 1) if (found := _schedule(form, line))]
    eligibility, accessibility = form.text("eligibility", LONG), form.text("accessibility", LONG)
    costs = form.text("costs", LONG)
    capacity = _capacity(form, now)
    if form.problems or not (name and organisation and category and description and area):
        return None
    return SupportOfferPublished(
        name=name,
        organisation=organisation,
        category=category,
        service=service,
        description=description,
        service_area=tuple(area),
        place_ags=place,
        schedules=tuple(schedules),
        languages=tuple(code for code in speeches if code in form.all("speech")),
        eligibility=eligibility,
        accessibility=accessibility,
        costs=costs,
        assured_date=now.astimezone(ZONE).date(),
        capacity=capacity,
    )


def _area(form: Form, district: str, towns: Sequence[str]) -> Sequence[str]:
    ticked = form.all("area")
    if district in ticked:
        return (district,)
    found = [town for town in towns if town in ticked]
    if not found:
        form.wrong("area", CHOOSE_AREA)
    return found


def _schedule(form: Form, line: int) -> Schedule | None:
    """One line of opening hours; None where it is left out or wrong."""
    days = [day for day in WEEKDAYS if day in form.all(f"days_{line}")]
    opens, closes = form.clock(f"opens_{line}"), form.clock(f"closes_{line}")
    if not (days or form[f"opens_{line}"] or form[f"closes_{line}"]):
        return None
    if not days:
        form.wrong(f"days_{line}", GIVE_DAYS)
        return None
    if opens is None or closes is None:
        form.wrong(f"opens_{line}", GIVE_HOURS)
        return None
    if closes <= opens:
        form.wrong(f"closes_{line}", ENDS_BEFORE)
        return None
    return Schedule(byday=tuple(days), opens_at=f"{opens:%H:%M}", closes_at=f"{closes:%H:%M}")


def _capacity(form: Form, now: datetime) -> Capacity | None:
    status = form.choice("capacity", list(CapacityStatus))
    available, maximum = form.number("available"), form.number("maximum")
    if status is None:
        if available is not None or maximum is not None:
            form.wrong("capacity", SAY_PLACES)
        return None
    if available is not None and maximum is not None and available > maximum:
        form.wrong("available", MORE_THAN_ALL)
    return Capacity(status=status, available=available or 0, maximum=maximum, updated=now)


def usual(party: Party, towns: Sequence[str]) -> dict[str, str]:
    """What the form says before anybody has filled it in."""
    own = party.area if party.area in towns else ""
    return {"organisation": party.name, "area": own or party.area or "", "place": own or ""}
