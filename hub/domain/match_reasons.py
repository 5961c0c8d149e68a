"""Why an offer suits a referral or does not: a code for programs, a sentence for people."""

from dataclasses import dataclass
from typing import Final

from schemas.vocabulary import MatchReason

EXCLUDING: Final = frozenset(
    {
        MatchReason.WITHDRAWN,
        MatchReason.OTHER_SERVICE,
        MatchReason.PLACE_NOT_SERVED,
        MatchReason.FADED,
        MatchReason.FULL,
    }
)
"""The reasons to leave an offer out."""

SENTENCES: Final = {
    MatchReason.ASKED_FOR: "It is the offer that was asked for.",
    MatchReason.ANSWERS_SERVICE: "It answers the service that is needed.",
    MatchReason.SAME_KIND: "It is of the same kind as the offer that was asked for.",
    MatchReason.SERVES_PLACE: "It is for people who live in {place}.",
    MatchReason.SHARED_LANGUAGE: "A language the client speaks is spoken there: {language}.",
    MatchReason.LANGUAGE_NOT_KNOWN: "It is not said which languages are spoken there.",
    MatchReason.NO_SHARED_LANGUAGE: "No language the client speaks is spoken there.",
    MatchReason.PLACES_FREE: "It has {available} free places, counted on {day}.",
    MatchReason.PLACES_NOT_KNOWN: "It is not said whether it has free places.",
    MatchReason.ASSESSMENT_FIRST: "Whether there is a place is decided after a first talk.",
    MatchReason.WAITING_LIST: "It has a waiting list, as of {day}.",
    MatchReason.SAME_TOWN: "It is in {town}, where they are to meet.",
    MatchReason.NEIGHBOURING_TOWN: "It is in {town}, next to {origin}, about {km} km away.",
    MatchReason.FARTHER_AWAY: "It is in {town}, about {km} km from {origin}.",
    MatchReason.DISTANCE_NOT_KNOWN: "It is not known how far away it is.",
    MatchReason.BY_PHONE: "They meet by phone, so the distance does not count.",
    MatchReason.FRESH: "It was assured on {day}.",
    MatchReason.FADING: "It was last assured on {day}: ask before sending somebody.",
    MatchReason.WITHDRAWN: "It was withdrawn.",
    MatchReason.OTHER_SERVICE: "It does not answer what is needed.",
    MatchReason.PLACE_NOT_SERVED: "It is not for people who live in {place}.",
    MatchReason.FADED: "Nobody has assured it since {day}.",
    MatchReason.FULL: "It has no free places, as of {day}.",
}
"""Each reason in words; in braces what differs from offer to offer."""


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason. Its text says something about the client: it is never logged."""

    code: MatchReason
    text: str

    @property
    def excludes(self) -> bool:
        """Whether it leaves the offer out."""
        return self.code in EXCLUDING


def because(code: MatchReason, **facts: object) -> Reason:
    """The reason with this code, in words."""
    return Reason(code, SENTENCES[code].format(**facts))
