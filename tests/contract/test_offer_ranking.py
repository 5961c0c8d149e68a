"""Offers are ranked for a referral as the domain ranks them, on each database."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connectors.errors import Later
from hub.domain.matching import Match, rank
from hub.domain.need import Need
from hub.domain.offers import Offer, after
from hub.stores.offers.ranking import OfferRanking
from hub.stores.offers.reading import open_for_reading
from schemas.data import Data
from schemas.envelope import Event
from schemas.vocabulary import MatchReason, OfferCategory, Service
from tests.support.builders import (
    DIEBURG,
    EPPERTSHAUSEN,
    NOW,
    WEITERSTADT,
    a_capacity,
    a_withdrawn_offer,
    an_offer,
)
from tests.support.offer_shelf import PLACES, Shelf

DEBTS: Final = Need(Service.DEBT_COUNSELLING, EPPERTSHAUSEN, ("ar", "de"))
NAMED: Final = Need(Service.LOCAL_OFFER, EPPERTSHAUSEN, offer_id="offer-1")
FREE: Final = {"status": "capacity", "available": 4, "updated": NOW}
FULL: Final = {"status": "no-capacity", "available": 0, "updated": NOW}


@pytest.fixture
def shelf(url: str) -> Shelf:
    """A store on each database, with nothing kept yet."""
    return Shelf(url)


@contextmanager
def ranking(shelf: Shelf) -> Iterator[OfferRanking]:
    """A reader of what is kept."""
    with closing(OfferRanking(open_for_reading(shelf.url), PLACES)) as made:
        yield made


def ranked(shelf: Shelf, need: Need) -> tuple[Match, ...]:
    """The offers for this need, as of now."""
    with ranking(shelf) as reader:
        return reader.ranked(need, NOW)


def ids(matches: tuple[Match, ...]) -> list[str]:
    """The offers in their order, those left out in brackets."""
    return [match.offer.id if match.suits else f"({match.offer.id})" for match in matches]


def codes(match: Match) -> set[MatchReason]:
    """Why."""
    return {reason.code for reason in match.reasons}


def debt_counselling(**said: object) -> Event[Data]:
    """An offer of debt counselling for the district."""
    usual = {"service": "debt_counselling", "service_area": ["06432"], "capacity": FREE}
    return an_offer(**(usual | said))


def test_ranked_with_reasons(shelf: Shelf) -> None:
    """The best first and why; then what is full or faded, and why; nothing else."""
    shelf.told(
        debt_counselling(on="far", place_ags=WEITERSTADT, languages=["de"]),
        debt_counselling(on="near", place_ags=EPPERTSHAUSEN, languages=["de"]),
        debt_counselling(on="arabic", place_ags=WEITERSTADT, languages=["ar"]),
        debt_counselling(on="full", capacity=FULL),
        debt_counselling(on="faded", assured_date="2025-06-01"),
        debt_counselling(on="elsewhere", service_area=[DIEBURG]),
        debt_counselling(on="another", service="addiction_counselling"),
        debt_counselling(on="gone"),
        a_withdrawn_offer(on="gone"),
    )
    found = ranked(shelf, DEBTS)
    assert ids(found)[:3] == ["arabic", "near", "far"]
    assert sorted(ids(found)[3:]) == ["(faded)", "(full)"]
    assert [match.place for match in found[:3]] == [1, 2, 3]
    assert {MatchReason.SAME_TOWN, MatchReason.PLACES_FREE} <= codes(found[1])
    by_id = {match.offer.id: match for match in found}
    assert codes(by_id["full"]) == {MatchReason.FULL}
    assert codes(by_id["faded"]) == {MatchReason.FADED}


def test_named_offer(shelf: Shelf) -> None:
    """Who asks for an offer by name is shown it, and others of its kind."""
    shelf.told(
        an_offer(on="offer-1"),
        an_offer(on="alike"),
        an_offer(on="other", category="housing"),
        an_offer(on="elsewhere", service_area=[DIEBURG]),
    )
    assert ids(ranked(shelf, NAMED)) == ["offer-1", "alike"]
    shelf.told(a_withdrawn_offer(on="offer-1"))
    found = ranked(shelf, NAMED)
    assert ids(found) == ["alike", "(offer-1)"]
    assert codes(found[1]) == {MatchReason.WITHDRAWN}
    unknown = replace(NAMED, offer_id="nobody-knows")
    assert ranked(shelf, unknown) == ()
    assert ids(ranked(shelf, replace(unknown, category=OfferCategory.HOUSING))) == ["other"]


def test_as_it_stands_now(shelf: Shelf) -> None:
    """News of places change the ranks at once."""
    shelf.told(debt_counselling(on="offer-1"))
    assert ids(ranked(shelf, DEBTS)) == ["offer-1"]
    full = {"status": "no-capacity", "available": 0, "updated": NOW + timedelta(minutes=1)}
    shelf.told(a_capacity(at=NOW + timedelta(minutes=2), capacity=full))
    assert ids(ranked(shelf, DEBTS)) == ["(offer-1)"]


def test_away(tmp_path: Path) -> None:
    """While the database cannot be read, whoever asks is told to come again."""
    shelf = Shelf(f"sqlite:///{tmp_path / 'offers.sqlite'}")
    with ranking(shelf) as reader:
        (tmp_path / "offers.sqlite").unlink()
        with pytest.raises(Later):
            reader.ranked(DEBTS, NOW)


NEEDS: Final = st.builds(
    Need,
    st.sampled_from([Service.DEBT_COUNSELLING, Service.LOCAL_OFFER, Service.BENEFIT_ADVICE]),
    st.sampled_from([EPPERTSHAUSEN, DIEBURG, WEITERSTADT]),
    offer_id=st.sampled_from([None, "offer-1", "offer-2"]),
)
OFFERS: Final = st.lists(
    st.builds(
        an_offer,
        on=st.sampled_from([f"offer-{n}" for n in range(9)]),
        service=st.sampled_from(["debt_counselling", "benefit_advice", None]),
        category=st.sampled_from(["language", "housing"]),
        service_area=st.sampled_from([["06432"], [DIEBURG], [EPPERTSHAUSEN, WEITERSTADT]]),
        capacity=st.sampled_from([None, FREE, FULL]),
        assured_date=st.dates(NOW.date() - timedelta(days=300), NOW.date()),
    ),
    max_size=7,
    unique_by=lambda event: event.context.subject,
)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(need=NEEDS, events=OFFERS)
def test_suits_as_if_all_were_ranked(
    tmp_path_factory: pytest.TempPathFactory, need: Need, events: list[Event[Data]]
) -> None:
    """What the database leaves out would not have suited."""
    shelf = Shelf(f"sqlite:///{tmp_path_factory.mktemp('shelf') / 'offers.sqlite'}")
    found = ranked(shelf.told(*events), need)
    everything = rank(need, [_offer(event) for event in events], PLACES, NOW.date())
    suiting = tuple(match for match in everything if match.suits)
    assert tuple(match for match in found if match.suits) == suiting
    assert {match.offer.id for match in found} <= {match.offer.id for match in everything}


def _offer(event: Event[Data]) -> Offer:
    offer = after(None, event.context.subject, event.context.party, event.data, NOW)
    assert offer is not None
    return offer
