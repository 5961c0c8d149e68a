"""What follows from an offer, as the oracle works it out: by hand."""

from datetime import datetime
from typing import Final

import pytest

from schemas.data import Data
from schemas.envelope import Event
from schemas.vocabulary import Service
from tests.support.builders import DIEBURG, EPPERTSHAUSEN, KFB, a_capacity, a_referral, an_offer
from tests.support.builders import a_withdrawn_offer as withdrawn
from tests.year.oracle.expected import Follows, Suggested
from tests.year.oracle.life import Life
from tests.year.oracle.offers import OfferOracle
from tests.year.working_days import BERLIN

FREE: Final = {"status": "capacity", "available": 3, "updated": "2026-03-02T07:07:00+01:00"}
FULL: Final = FREE | {"status": "no-capacity", "available": 0}


def berlin(text: str) -> datetime:
    """A moment in Berlin."""
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN)


NOW: Final = berlin("2026-03-02 07:07")
OPEN: Final = Life(
    "case-1",
    KFB,
    DIEBURG,
    a_referral(service="debt_counselling", by=KFB, client={"ags": DIEBURG}).data,
    berlin("2026-02-27 09:37"),
)
ADVICE: Final = an_offer(service="debt_counselling", capacity=FREE)


@pytest.fixture
def oracle() -> OfferOracle:
    """One that knows of no offer."""
    return OfferOracle()


def said(oracle: OfferOracle, event: Event[Data], at: datetime = NOW) -> tuple[Suggested, ...]:
    """To whom it is suggested because of this, while one referral is open."""
    found = oracle.judge(event.context, event.data, at, [OPEN])
    assert isinstance(found, Follows)
    return found.suggested


def test_an_offer_is_suggested_when_it_begins_to_suit(oracle: OfferOracle) -> None:
    """When it is published with places, and again when it has places again; not in between."""
    suggested = (Suggested(DIEBURG, "case-1"),)

    assert said(oracle, ADVICE) == suggested
    assert said(oracle, a_capacity(capacity=FREE | {"available": 2})) == ()
    assert said(oracle, a_capacity(capacity=FULL)) == ()
    assert said(oracle, a_capacity(capacity=FREE)) == suggested
    assert said(oracle, withdrawn()) == ()
    assert oracle.lane_news[NOW] == 5


@pytest.mark.parametrize(
    "offer",
    [
        an_offer(service="addiction_counselling", capacity=FREE),
        an_offer(service="debt_counselling", capacity=FULL),
        an_offer(service="debt_counselling", service_area=[EPPERTSHAUSEN], capacity=FREE),
        an_offer(service="debt_counselling", by=DIEBURG, capacity=FREE),
        an_offer(service="debt_counselling", capacity=FREE, assured_date="2025-09-01"),
    ],
    ids=["another service", "full", "another place", "its owner's own", "faded"],
)
def test_an_offer_that_does_not_suit_is_not_suggested(
    oracle: OfferOracle, offer: Event[Data]
) -> None:
    """Each of these is enough against it."""
    assert said(oracle, offer) == ()


def test_who_has_a_full_offer_hears_so_once_a_moment(oracle: OfferOracle) -> None:
    """Publisher, jobcenter and the towns it serves, however many were turned away at the time."""
    said(oracle, ADVICE)
    at = berlin("2026-03-02 10:07")
    asked = a_referral(service="debt_counselling", by=KFB, client={"ags": DIEBURG}).data
    away = Life("case-2", KFB, EPPERTSHAUSEN, asked, NOW)

    oracle.turned_away(away, at)
    oracle.turned_away(away, at)

    assert [(one.to, one.at) for one in oracle.lowered] == [
        (DIEBURG, at), (EPPERTSHAUSEN, at), (KFB, at),
    ]  # fmt: skip
    assert oracle.lane_news[at] == 3
    assert said(oracle, a_capacity(capacity=FREE | {"updated": at}), at) == ()
    assert asked.service is Service.DEBT_COUNSELLING


def test_an_assurance_fades_by_the_calendar(oracle: OfferOracle) -> None:
    """A quarter and half a year after it was assured; what was over when it was said is not."""
    said(oracle, an_offer(assured_date="2025-11-20", capacity=FREE))

    assert [one.rule for one in oracle.ring("offer-1", berlin("2026-05-18 12:07"))] == []
    late = list(oracle.ring("offer-1", berlin("2026-05-19 12:07")))
    assert [(one.to, one.rule) for one in late] == [(EPPERTSHAUSEN, "faded-offer-to-publisher")]
