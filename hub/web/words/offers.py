"""The words of support offers, and of why one suits."""

from typing import Final

from hub.pages.marking import N_
from schemas.vocabulary import CapacityStatus, MatchReason, OfferCategory

CATEGORIES: Final = {
    OfferCategory.COUNSELLING: N_("Counselling"),
    OfferCategory.CHILDCARE: N_("Childcare"),
    OfferCategory.LANGUAGE: N_("Language"),
    OfferCategory.QUALIFICATION: N_("Qualification"),
    OfferCategory.HEALTH: N_("Health"),
    OfferCategory.HOUSING: N_("Housing"),
    OfferCategory.MEETING: N_("Meeting people"),
    OfferCategory.MATERIAL_HELP: N_("Material help"),
}
CAPACITIES: Final = {
    CapacityStatus.CAPACITY: N_("Free places"),
    CapacityStatus.NO_CAPACITY: N_("No free places"),
    CapacityStatus.WAITLIST: N_("Waiting list"),
    CapacityStatus.ADDITIONAL_ASSESSMENT_REQUIRED: N_("Decided after a first talk"),
}
MATCH_REASONS: Final = {
    MatchReason.ASKED_FOR: N_("was asked for by name"),
    MatchReason.ANSWERS_SERVICE: N_("answers what is needed"),
    MatchReason.SAME_KIND: N_("of the same kind as the offer asked for"),
    MatchReason.SERVES_PLACE: N_("open to people from the client's town"),
    MatchReason.SHARED_LANGUAGE: N_("speaks a language of the client"),
    MatchReason.LANGUAGE_NOT_KNOWN: N_("languages not stated"),
    MatchReason.NO_SHARED_LANGUAGE: N_("speaks no language of the client"),
    MatchReason.PLACES_FREE: N_("has free places"),
    MatchReason.PLACES_NOT_KNOWN: N_("free places not stated"),
    MatchReason.ASSESSMENT_FIRST: N_("a first talk decides"),
    MatchReason.WAITING_LIST: N_("has a waiting list"),
    MatchReason.SAME_TOWN: N_("in the same town"),
    MatchReason.NEIGHBOURING_TOWN: N_("in a neighbouring town"),
    MatchReason.FARTHER_AWAY: N_("farther away"),
    MatchReason.DISTANCE_NOT_KNOWN: N_("distance not known"),
    MatchReason.BY_PHONE: N_("by phone, distance does not count"),
    MatchReason.FRESH: N_("confirmed lately"),
    MatchReason.FADING: N_("not confirmed for long: ask first"),
    MatchReason.WITHDRAWN: N_("withdrawn"),
    MatchReason.OTHER_SERVICE: N_("does not answer what is needed"),
    MatchReason.PLACE_NOT_SERVED: N_("not for people from the client's town"),
    MatchReason.FADED: N_("not confirmed for too long"),
    MatchReason.FULL: N_("has no free places"),
}
WEEKDAYS: Final = {
    "MO": N_("Monday"),
    "TU": N_("Tuesday"),
    "WE": N_("Wednesday"),
    "TH": N_("Thursday"),
    "FR": N_("Friday"),
    "SA": N_("Saturday"),
    "SU": N_("Sunday"),
}
