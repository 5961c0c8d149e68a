"""What a support offer says."""

from collections.abc import Sequence
from typing import Final

from hub.pages.marking import N_
from hub.web.facts.chapter import Chapter, Names, known
from hub.web.wording import Wording
from hub.web.words.offers import WEEKDAYS
from schemas.events.support_offer_published import Schedule, SupportOfferPublished

KREIS: Final = 5
"""The digits of a district's key."""


def offer(said: SupportOfferPublished, say: Wording, names: Names) -> Chapter:
    """The whole offer, without what is not said."""
    whole = say.text(N_("the whole district"))
    areas = (whole if len(code) == KREIS else names.town(code) for code in said.service_area)
    capacity = said.capacity
    places = None if capacity is None else f"{say.code(capacity.status)} ({capacity.available})"
    facts = known(
        (say.text(N_("Name of the offer")), said.name),
        (say.text(N_("Who offers it")), said.organisation),
        (say.text(N_("Kind of support")), say.code(said.category)),
        (say.text(N_("Answers referrals for")), said.service and say.code(said.service)),
        (say.text(N_("What one gets there")), said.description),
        (say.text(N_("People from")), ", ".join(areas)),
        (say.text(N_("Where it is")), said.place_ags and names.town(said.place_ags)),
        (say.text(N_("Opening hours")), _hours(said.schedules, say)),
        (say.text(N_("Languages spoken there")), ", ".join(map(say.speech, said.languages))),
        (say.text(N_("Who may come")), said.eligibility),
        (say.text(N_("How one gets in")), said.accessibility),
        (say.text(N_("Costs")), said.costs),
        (say.text(N_("Places")), places),
    )
    return Chapter(say.text(N_("Support offer")), facts)


def _hours(schedules: Sequence[Schedule], say: Wording) -> str:
    """A line for each schedule."""
    lines = []
    for each in schedules:
        days = ", ".join(say.text(WEEKDAYS[day]) for day in each.byday)
        lines.append(f"{days}: {each.opens_at}-{each.closes_at}")
    return "\n".join(lines)
