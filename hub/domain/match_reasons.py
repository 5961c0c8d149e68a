"""Why an offer suits a referral or does not: a code for programs, a sentence for people."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class ReasonCode(StrEnum):
    """What counts for an offer, or against it."""

    ASKED_FOR = "asked_for"
    ANSWERS_SERVICE = "answers_service"
    SAME_KIND = "same_kind"
    SERVES_PLACE = "serves_place"
    SHARED_LANGUAGE = "shared_language"
    LANGUAGE_NOT_KNOWN = "language_not_known"
    NO_SHARED_LANGUAGE = "no_shared_language"
    PLACES_FREE = "places_free"
    PLACES_NOT_KNOWN = "places_not_known"
    ASSESSMENT_FIRST = "assessment_first"
    WAITING_LIST = "waiting_list"
    SAME_TOWN = "same_town"
    NEIGHBOURING_TOWN = "neighbouring_town"
    FARTHER_AWAY = "farther_away"
    DISTANCE_NOT_KNOWN = "distance_not_known"
    BY_PHONE = "by_phone"
    FRESH = "fresh"
    FADING = "fading"
    WITHDRAWN = "withdrawn"
    OTHER_SERVICE = "other_service"
    PLACE_NOT_SERVED = "place_not_served"
    FADED = "faded"
    FULL = "full"


EXCLUDING: Final = frozenset(
    {
        ReasonCode.WITHDRAWN,
        ReasonCode.OTHER_SERVICE,
        ReasonCode.PLACE_NOT_SERVED,
        ReasonCode.FADED,
        ReasonCode.FULL,
    }
)
"""The reasons to leave an offer out."""

SENTENCES: Final = {
    ReasonCode.ASKED_FOR: "It is the offer that was asked for.",
    ReasonCode.ANSWERS_SERVICE: "It answers the service that is needed.",
    ReasonCode.SAME_KIND: "It is of the same kind as the offer that was asked for.",
    ReasonCode.SERVES_PLACE: "It is for people who live in {place}.",
    ReasonCode.SHARED_LANGUAGE: "A language the client speaks is spoken there: {language}.",
    ReasonCode.LANGUAGE_NOT_KNOWN: "It is not said which languages are spoken there.",
    ReasonCode.NO_SHARED_LANGUAGE: "No language the client speaks is spoken there.",
    ReasonCode.PLACES_FREE: "It has {available} free places, counted on {day}.",
    ReasonCode.PLACES_NOT_KNOWN: "It is not said whether it has free places.",
    ReasonCode.ASSESSMENT_FIRST: "Whether there is a place is decided after a first talk.",
    ReasonCode.WAITING_LIST: "It has a waiting list, as of {day}.",
    ReasonCode.SAME_TOWN: "It is in {town}, where they are to meet.",
    ReasonCode.NEIGHBOURING_TOWN: "It is in {town}, next to {origin}, about {km} km away.",
    ReasonCode.FARTHER_AWAY: "It is in {town}, about {km} km from {origin}.",
    ReasonCode.DISTANCE_NOT_KNOWN: "It is not known how far away it is.",
    ReasonCode.BY_PHONE: "They meet by phone, so the distance does not count.",
    ReasonCode.FRESH: "It was assured on {day}.",
    ReasonCode.FADING: "It was last assured on {day}: ask before sending somebody.",
    ReasonCode.WITHDRAWN: "It was withdrawn.",
    ReasonCode.OTHER_SERVICE: "It does not answer what is needed.",
    ReasonCode.PLACE_NOT_SERVED: "It is not for people who live in {place}.",
    ReasonCode.FADED: "Nobody has assured it since {day}.",
    ReasonCode.FULL: "It has no free places, as of {day}.",
}
"""Each reason in words; in braces what differs from offer to offer."""


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason. Its text says something about the client: it is never logged."""

    code: ReasonCode
    text: str

    @property
    def excludes(self) -> bool:
        """Whether it leaves the offer out."""
        return self.code in EXCLUDING


def because(code: ReasonCode, **facts: object) -> Reason:
    """The reason with this code, in words."""
    return Reason(code, SENTENCES[code].format(**facts))
