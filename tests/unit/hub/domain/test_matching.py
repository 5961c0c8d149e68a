"""Offers are ranked for a referral, and referrals for an offer, for reasons that are said."""

from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.domain.life_cycle import open_
from hub.domain.match_reasons import EXCLUDING, SENTENCES
from hub.domain.matching import Match, OpenReferral, rank, suggestions
from hub.domain.need import Need, need_of, spoken_of
from hub.domain.offers import Offer, after, lowered
from hub.place_file import load_places
from schemas.vocabulary import MatchReason, MeetingPlace, OfferCategory, Service, Urgency
from tests.support.builders import (
    DIEBURG,
    EPPERTSHAUSEN,
    NOW,
    WEITERSTADT,
    a_referral,
    a_withdrawn_offer,
    an_offer,
)

PLACES: Final = load_places()
TODAY: Final = NOW.date()
MUENSTER: Final = "06432015"
DARMSTADT_CITY: Final = "06411000"
DEBTS: Final = Need(Service.DEBT_COUNSELLING, EPPERTSHAUSEN, ("ar", "de"))
EVERYWHERE: Final = ("06432",)
FREE: Final = {"status": "capacity", "available": 4, "updated": NOW}
WAITING: Final = {"status": "waitlist", "available": 0, "updated": NOW}
FULL: Final = {"status": "no-capacity", "available": 0, "updated": NOW}


def an(offer_id: str, publisher: str = DIEBURG, **said: object) -> Offer:
    """An offer of debt counselling for the district, free, in Eppertshausen, in German."""
    usual = {
        "service": "debt_counselling",
        "service_area": EVERYWHERE,
        "place_ags": EPPERTSHAUSEN,
        "languages": ["de"],
        "capacity": FREE,
    }
    event = an_offer(**(usual | said))
    offer = after(None, offer_id, publisher, event.data, NOW)
    assert offer is not None
    return offer


def ranked(need: Need, *offers: Offer) -> tuple[Match, ...]:
    """The matches as of today."""
    return rank(need, offers, PLACES, TODAY)


def ids(matches: tuple[Match, ...]) -> list[str]:
    """The offers that suit, the best first."""
    return [match.offer.id for match in matches if match.suits]


def codes(match: Match) -> set[MatchReason]:
    """Why."""
    return {reason.code for reason in match.reasons}


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        ({"languages": ["ar"]}, {"languages": ["de"]}),
        ({"languages": ["de"]}, {"languages": []}),
        ({"languages": []}, {"languages": ["tr"]}),
        ({"languages": ["de"], "capacity": WAITING}, {"languages": ["tr"]}),
        ({}, {"capacity": None}),
        ({"place_ags": WEITERSTADT}, {"capacity": WAITING}),
        ({"place_ags": WEITERSTADT}, {"assured_date": "2025-11-01"}),
        ({"assured_date": "2025-11-01"}, {"capacity": WAITING}),
        ({}, {"place_ags": MUENSTER}),
        ({"place_ags": "06432002"}, {"place_ags": DIEBURG}),
        ({"place_ags": DIEBURG}, {"place_ags": WEITERSTADT}),
        ({"place_ags": WEITERSTADT}, {"place_ags": None}),
        ({"capacity": {**FREE, "available": 5}}, {}),
    ],
)
def test_order(better: dict[str, Any], worse: dict[str, Any]) -> None:
    """Language before places before freshness before distance; then the one with more places."""
    good, less = an("z-better", **better), an("a-worse", **worse)
    assert ids(ranked(DEBTS, good, less)) == ids(ranked(DEBTS, less, good))
    assert ids(ranked(DEBTS, good, less)) == ["z-better", "a-worse"]


def test_neighbours_come_before_those_nearer_without_a_border() -> None:
    """Babenhausen has a border with Eppertshausen, Dieburg has none and is nearer."""
    next_door, nearer = (PLACES.distance_km(EPPERTSHAUSEN, a) for a in ("06432002", DIEBURG))
    assert next_door is not None
    assert nearer is not None
    assert nearer < next_door


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"service": "addiction_counselling"}, MatchReason.OTHER_SERVICE),
        ({"service": None}, MatchReason.OTHER_SERVICE),
        ({"service_area": [DIEBURG]}, MatchReason.PLACE_NOT_SERVED),
        ({"capacity": FULL}, MatchReason.FULL),
        ({"capacity": {**FREE, "available": 0}}, MatchReason.FULL),
        ({"assured_date": "2025-09-01"}, MatchReason.FADED),
    ],
)
def test_left_out(said: dict[str, Any], code: MatchReason) -> None:
    """Another service or place, no places, nobody who assures it: left out, and why."""
    good, out = an("good"), an("out", **said)
    suits, left_out = ranked(DEBTS, out, good)
    assert (suits.offer.id, suits.place) == ("good", 1)
    assert (left_out.offer.id, left_out.place) == ("out", None)
    assert codes(left_out) == {code}


def test_withdrawn_and_turned_away() -> None:
    """A withdrawn offer is left out, and one that turned somebody away."""
    gone = after(an("gone"), "gone", DIEBURG, a_withdrawn_offer().data, NOW)
    assert gone is not None
    full = lowered(an("full"), NOW + timedelta(hours=1))
    assert [codes(match) for match in ranked(DEBTS, gone, full)] == [
        {MatchReason.FULL},
        {MatchReason.WITHDRAWN},
    ]


def test_all_that_speaks_against_it_is_said() -> None:
    """Not only the first reason."""
    (match,) = ranked(DEBTS, an("out", service_area=[DIEBURG], capacity=FULL))
    assert codes(match) == {MatchReason.PLACE_NOT_SERVED, MatchReason.FULL}


def test_reasons_in_words() -> None:
    """Each criterion says in a sentence how the offer fares."""
    (match,) = ranked(DEBTS, an("o", place_ags=MUENSTER, languages=["de", "ar"]))
    assert [reason.text for reason in match.reasons] == [
        "It answers the service that is needed.",
        "It is for people who live in Eppertshausen.",
        "A language the client speaks is spoken there: ar.",
        "It has 4 free places, counted on 2026-03-02.",
        "It was assured on 2026-02-01.",
        "It is in Münster (Hessen), next to Eppertshausen, about 4 km away.",
    ]


def test_who_cannot_wait() -> None:
    """For an urgent need a waiting list stands behind places not known; else beside them."""
    waiting = an("a-waiting", capacity=WAITING)
    unknown = an("b-unknown", capacity=None, place_ags=DIEBURG)
    urgent = Need(Service.DEBT_COUNSELLING, EPPERTSHAUSEN, urgency=Urgency.URGENT)
    assert ids(ranked(DEBTS, waiting, unknown)) == ["a-waiting", "b-unknown"]
    assert ids(ranked(urgent, waiting, unknown)) == ["b-unknown", "a-waiting"]


def test_assessment_first() -> None:
    """A place that is decided in a first talk stands behind free places."""
    first = an("a", capacity={**FREE, "status": "additional-assessment-required"})
    matches = ranked(DEBTS, first, an("b"))
    assert ids(matches) == ["b", "a"]
    assert MatchReason.ASSESSMENT_FIRST in codes(matches[1])


def test_wished_place() -> None:
    """By phone the distance does not count; to Kranichstein it is counted from there."""
    near, far = an("b-near"), an("a-far", place_ags="06432008")
    at_home = Need(Service.DEBT_COUNSELLING, EPPERTSHAUSEN)
    by_phone = Need(Service.DEBT_COUNSELLING, EPPERTSHAUSEN, wished_place=MeetingPlace.PHONE)
    there = Need(Service.DEBT_COUNSELLING, EPPERTSHAUSEN, wished_place=MeetingPlace.KRANICHSTEIN)
    assert ids(ranked(at_home, near, far)) == ["b-near", "a-far"]
    assert ids(ranked(by_phone, near, far)) == ["a-far", "b-near"]
    assert ids(ranked(there, near, far)) == ["a-far", "b-near"]
    in_the_city = an("c-city", place_ags=DARMSTADT_CITY)
    assert ids(ranked(there, near, far, in_the_city))[0] == "c-city"


def test_asked_for_by_name() -> None:
    """The named local offer comes first; others of its kind may stand in for it."""
    need = Need(Service.LOCAL_OFFER, EPPERTSHAUSEN, offer_id="named")
    named = an("named", service=None, category="language", place_ags=WEITERSTADT)
    same_kind = an("same", service=None, category="language")
    other_kind = an("other", service=None, category="meeting")
    matches = ranked(need, other_kind, same_kind, named)
    assert ids(matches) == ["named", "same"]
    assert MatchReason.ASKED_FOR in codes(matches[0])
    assert MatchReason.SAME_KIND in codes(matches[1])
    full = lowered(named, NOW + timedelta(hours=1))
    assert ids(ranked(need, other_kind, same_kind, full)) == ["same"]
    assert ids(ranked(need, other_kind, same_kind)) == []


def test_need_of_a_referral() -> None:
    """A need is read from what a referral says, and nothing that names the person."""
    event = a_referral(
        service="local_offer",
        offer_id="offer-1",
        urgency="urgent",
        wished_place="phone",
        client={"languages": ["fa", "de"]},
    )
    assert need_of(event.data) == Need(
        Service.LOCAL_OFFER,
        EPPERTSHAUSEN,
        ("fa", "de"),
        Urgency.URGENT,
        MeetingPlace.PHONE,
        "offer-1",
    )
    assert "Beispiel" not in repr(need_of(event.data))


def test_spoken_of() -> None:
    """Who turns a referral away speaks of the named offer, else of its own for that service."""
    own, others = an("own"), an("others", publisher=WEITERSTADT)
    elsewhere = an("elsewhere", service_area=[WEITERSTADT])
    another = an("another", service="addiction_counselling")
    offers = (own, others, elsewhere, another)
    asked = a_referral(service="debt_counselling").data
    referral = open_(asked, EPPERTSHAUSEN, DIEBURG, NOW)
    assert spoken_of(referral, offers) == ("own",)
    named = replace(referral, service=Service.LOCAL_OFFER, offer_id="others")
    assert spoken_of(named, offers) == ("others",)
    assert spoken_of(named, ()) == ("others",), "it may not be known here yet"


def test_who_was_handed_a_referral_speaks_of_its_own() -> None:
    """An offer named before a referral was passed on is not lowered by somebody else's answer."""
    asked = a_referral(service="local_offer", offer_id="others").data
    referral = replace(open_(asked, EPPERTSHAUSEN, DIEBURG, NOW), former_owners=(WEITERSTADT,))
    assert spoken_of(referral, (an("others", publisher=WEITERSTADT), an("own"))) == ()
    assert spoken_of(referral, (an("others"),)) == ("others",)


def a_waiting_referral(case: str, **changes: Any) -> OpenReferral:  # noqa: ANN401 - any field
    """A referral for debt counselling that nobody has completed."""
    return replace(OpenReferral(case, EPPERTSHAUSEN, NOW, DEBTS), **changes)


def test_suggested() -> None:
    """A new offer is suggested to the open referrals it suits, the most urgent, oldest first."""
    asap = Need(Service.DEBT_COUNSELLING, EPPERTSHAUSEN, urgency=Urgency.ASAP)
    referrals = [
        a_waiting_referral("c-new"),
        a_waiting_referral("b-old", since=NOW - timedelta(days=9)),
        a_waiting_referral("a-new"),
        a_waiting_referral("z-asap", need=asap),
        a_waiting_referral("other", need=Need(Service.HOUSING_COSTS, EPPERTSHAUSEN)),
    ]
    told = suggestions(an("o"), referrals, PLACES, TODAY)
    assert [each.case for each in told] == ["z-asap", "b-old", "a-new", "c-new"]
    assert {each.owner for each in told} == {EPPERTSHAUSEN}
    assert all(each.match.suits for each in told)
    assert len(suggestions(an("o"), referrals, PLACES, TODAY, most=2)) == 2


@pytest.mark.parametrize(
    "referral",
    [
        a_waiting_referral("own", owner=DIEBURG),
        a_waiting_referral("turned-down", turned_down_by=frozenset({DIEBURG})),
        a_waiting_referral(
            "asked",
            need=Need(
                Service.LOCAL_OFFER,
                EPPERTSHAUSEN,
                offer_id="o",
                category=OfferCategory.LANGUAGE,
            ),
        ),
    ],
    ids=lambda referral: referral.case,
)
def test_not_suggested(referral: OpenReferral) -> None:
    """Nobody is told of their own offer, of one that turned them down, or was asked for."""
    assert suggestions(an("o"), [referral], PLACES, TODAY) == ()
    assert suggestions(an("o", WEITERSTADT), [a_waiting_referral("c")], PLACES, TODAY)


def test_every_reason_has_words() -> None:
    """No code is without a sentence, and what leaves out is a reason."""
    assert set(SENTENCES) == set(MatchReason)
    assert set(MatchReason) > EXCLUDING


OFFERS: Final = st.lists(
    st.builds(
        an,
        st.sampled_from([f"offer-{n}" for n in range(9)]),
        service=st.sampled_from(["debt_counselling", "benefit_advice", None]),
        service_area=st.sampled_from([EVERYWHERE, (DIEBURG,), (EPPERTSHAUSEN,)]),
        place_ags=st.sampled_from([None, DIEBURG, EPPERTSHAUSEN, "06412000", "06432"]),
        languages=st.lists(st.sampled_from(["de", "ar", "tr"]), max_size=2),
        capacity=st.sampled_from([None, FREE, WAITING, FULL]),
        assured_date=st.dates(NOW.date() - timedelta(days=300), NOW.date()),
    ),
    max_size=7,
    unique_by=lambda offer: offer.id,
)
NEEDS: Final = st.builds(
    Need,
    st.sampled_from(Service),
    st.sampled_from([EPPERTSHAUSEN, DIEBURG, WEITERSTADT]),
    st.lists(st.sampled_from(["de", "ar", "fa"]), max_size=2, unique=True).map(tuple),
    st.sampled_from(Urgency),
    st.sampled_from(MeetingPlace),
    st.sampled_from([None, "offer-1", "offer-2"]),
)


@settings(max_examples=60, deadline=None)
@given(need=NEEDS, offers=OFFERS, data=st.data())
def test_any_need_and_offers(need: Need, offers: list[Offer], data: st.DataObject) -> None:
    """Each offer is judged once, alike in any order; whatever is left out is left out for cause."""
    matches = ranked(need, *offers)
    assert ranked(need, *data.draw(st.permutations(offers))) == matches
    assert sorted(match.offer.id for match in matches) == sorted(offer.id for offer in offers)
    places = [match.place for match in matches if match.suits]
    assert places == list(range(1, len(places) + 1))
    assert not any(match.suits for match in matches[len(places) :])
    for match in matches:
        assert match.reasons
        assert match.suits is not any(reason.excludes for reason in match.reasons)
        assert not any("{" in reason.text for reason in match.reasons)


@settings(max_examples=40, deadline=None)
@given(need=NEEDS, offers=OFFERS)
def test_suggestions_agree_with_ranks(need: Need, offers: list[Offer]) -> None:
    """An offer is suggested to a referral exactly if it suits when ranked for it."""
    referral = a_waiting_referral("c", need=need, owner=WEITERSTADT)
    if need.service is Service.LOCAL_OFFER or need.offer_id is not None:
        return
    for match in ranked(need, *offers):
        told = suggestions(match.offer, [referral], PLACES, TODAY)
        assert bool(told) is match.suits


def test_cost_grows_with_the_offers() -> None:
    """Each offer is looked at once or twice, however many there are."""
    looked_at: list[str] = []

    class Watched(Offer):
        """An offer that notes when it is asked whom it serves."""

        def serves(self, ags: str) -> bool:
            looked_at.append(self.id)
            return Offer.serves(self, ags)

    usual = an("o")
    fields = {name: getattr(usual, name) for name in Offer.__slots__}
    offers = [Watched(**(fields | {"id": f"offer-{n}"})) for n in range(500)]
    assert len(ranked(DEBTS, *offers)) == 500
    assert sorted(looked_at) == sorted(offer.id for offer in offers)
