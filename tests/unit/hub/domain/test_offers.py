"""What the hub remembers of an offer: it fades, and its places are shown with care."""

from datetime import UTC, date, datetime, timedelta
from typing import Final

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from hub.domain import offer_memory
from hub.domain.freshness import Fading, Freshness
from hub.domain.offers import Offer, after, lowered
from schemas.data import Data
from schemas.envelope import Event
from schemas.events.support_offer_published import SupportOfferPublished
from schemas.vocabulary import CapacityStatus
from tests.support import strategies
from tests.support.builders import (
    DIEBURG,
    EPPERTSHAUSEN,
    NOW,
    WEITERSTADT,
    a_capacity,
    a_referral,
    a_withdrawn_offer,
    an_offer,
)

FOUR_PLACES: Final = {"status": "capacity", "available": 4, "maximum": 9, "updated": NOW}
HOUR: Final = timedelta(hours=1)


def told(before: Offer | None, event: Event[Data]) -> Offer | None:
    """The offer after its publisher said this."""
    context = event.context
    return after(before, context.subject, context.party, event.data, context.time)


def offer(**said: object) -> Offer:
    """An offer just published."""
    new = told(None, an_offer(**said))
    assert new is not None
    return new


def available(of: Offer) -> int:
    """The places shown."""
    assert of.shown is not None
    return of.shown.available


@pytest.mark.parametrize(
    ("days", "freshness"),
    [
        (0, Freshness.FRESH),
        (89, Freshness.FRESH),
        (90, Freshness.FADING),
        (179, Freshness.FADING),
        (180, Freshness.FADED),
        (9999, Freshness.FADED),
    ],
)
def test_fades(days: int, freshness: Freshness) -> None:
    """Not assured for a quarter it is fading, for half a year it has faded."""
    assured = offer(assured_date="2026-02-01")
    assert assured.freshness(date(2026, 2, 1) + timedelta(days=days)) is freshness


def test_fading_can_be_set() -> None:
    """How long an assurance holds is a matter of the district."""
    week, month = Fading(timedelta(days=7), timedelta(days=30)), date(2026, 3, 3)
    assert offer(assured_date="2026-02-01").freshness(month, week) is Freshness.FADED
    assert offer(assured_date="2026-02-20").freshness(month, week) is Freshness.FADING


def test_assured_again() -> None:
    """Published again with a new assurance, it is fresh again."""
    old = offer(assured_date="2025-01-01")
    assert old.freshness(NOW.date()) is Freshness.FADED
    new = told(old, an_offer(assured_date="2026-03-01"))
    assert new is not None
    assert new.freshness(NOW.date()) is Freshness.FRESH


def test_nobody_assures_for_the_future() -> None:
    """An assurance dated ahead counts from the day it was said."""
    ahead = offer(assured_date="2099-01-01")
    assert ahead.assured_on == NOW.date()
    assert ahead.freshness(NOW.date() + timedelta(days=180)) is Freshness.FADED


@settings(deadline=None)
@given(
    assured=st.dates(),
    said=st.dates(),
    today=st.dates(),
)
def test_days_of_ageing(assured: date, said: date, today: date) -> None:
    """It is as old as the number of days of ageing that have come."""
    at = datetime(said.year, said.month, said.day, 12, tzinfo=UTC)
    aged = offer(assured_date=assured, at=at)
    come = sum(day <= today for day in aged.ageing_days())
    assert [*Freshness][come] is aged.freshness(today)


def test_serves() -> None:
    """A municipality by its key, or all of a district."""
    assert offer(service_area=[DIEBURG]).serves(DIEBURG)
    assert not offer(service_area=[DIEBURG]).serves(EPPERTSHAUSEN)
    assert offer(service_area=["06411", "06432"]).serves(WEITERSTADT)
    assert not offer(service_area=["06432"]).serves("06411000")


def test_counted() -> None:
    """News of places replace those said before; the rest stays."""
    before = offer(capacity=FOUR_PLACES)
    now = told(before, a_capacity(capacity={"available": 1, "updated": NOW}))
    assert now is not None
    assert available(before) == 4
    assert available(now) == 1
    assert now.name == before.name


def test_turned_away() -> None:
    """A referral turned away shows no places; what was said is kept beside it."""
    full = lowered(offer(capacity=FOUR_PLACES), NOW + HOUR)
    assert full.said is not None
    assert full.said.available == 4
    assert full.shown is not None
    assert full.shown.status is CapacityStatus.NO_CAPACITY
    assert (full.shown.available, full.shown.maximum) == (0, 9)
    assert full.shown.updated == NOW + HOUR


def test_turned_away_from_an_offer_that_never_counted() -> None:
    """No places are shown there either, until a count is said."""
    full = lowered(offer(), NOW + HOUR)
    assert available(full) == 0
    counted = told(full, a_capacity(at=NOW + 3 * HOUR, capacity={"updated": NOW + 2 * HOUR}))
    assert counted is not None
    assert available(counted) == 3


def test_counted_since() -> None:
    """Once the provider counts again, its word is shown."""
    full = lowered(offer(capacity=FOUR_PLACES), NOW + HOUR)
    later = a_capacity(at=NOW + 3 * HOUR, capacity={"updated": NOW + 2 * HOUR, "available": 2})
    now = told(full, later)
    assert now is not None
    assert available(now) == 2


def test_counted_before() -> None:
    """A count made before somebody was turned away does not open the offer again."""
    full = lowered(offer(), NOW + HOUR)
    late = told(full, a_capacity(at=NOW + 3 * HOUR, capacity={"updated": NOW}))
    assert late is not None
    assert available(late) == 0
    assert late.said is not None
    assert late.said.available == 3


def test_old_news() -> None:
    """A count older than the one known changes nothing, also in an offer published again."""
    counted = offer(capacity=FOUR_PLACES)
    old = {**FOUR_PLACES, "available": 7, "updated": NOW - HOUR}
    assert told(counted, a_capacity(at=NOW + HOUR, capacity=old)) == counted
    again = told(counted, an_offer(at=NOW + HOUR, name="Anders", capacity=old))
    assert again is not None
    assert (again.name, available(again)) == ("Anders", 4)


def test_published_again() -> None:
    """Said anew after somebody was turned away, without a count, it is open again."""
    full = lowered(offer(), NOW + HOUR)
    assert told(full, an_offer(at=NOW)) == full
    again = told(full, an_offer(at=NOW + 2 * HOUR))
    assert again is not None
    assert again.shown is None


def test_turned_away_before_the_count() -> None:
    """A turning away that is heard of late changes nothing, if the count is younger."""
    counted = offer(capacity=FOUR_PLACES)
    assert lowered(counted, NOW - HOUR).shown == counted.shown


def test_count_of_the_future() -> None:
    """A count dated ahead does not hold off every turning away until then."""
    ahead = offer(capacity={**FOUR_PLACES, "updated": NOW + timedelta(days=9999)})
    assert available(lowered(ahead, NOW + HOUR)) == 0


def test_withdrawn() -> None:
    """A withdrawn offer is withdrawn until it is published again."""
    gone = told(offer(), a_withdrawn_offer())
    assert gone is not None
    assert gone.withdrawn
    back = told(gone, an_offer())
    assert back is not None
    assert not back.withdrawn


@pytest.mark.parametrize("event", [a_capacity(), a_withdrawn_offer(), a_referral()])
def test_nothing_is_known_of_it(event: Event[Data]) -> None:
    """News of an offer nobody published, and what is no offer, say nothing."""
    assert told(None, event) is None


def test_another_matter() -> None:
    """An event of another kind changes nothing."""
    assert told(offer(), a_referral(on="offer-1")) == offer()


STEPS: Final = st.lists(
    st.tuples(
        st.sampled_from(("count", "count late", "turn away")),
        st.integers(0, 5),
        st.integers(0, 9),
    ),
    max_size=12,
)


@settings(deadline=None)
@example(steps=[("turn away", 0, 0), ("count", 1, 0), ("count late", 0, 1)])
@given(steps=STEPS)
def test_shown_places(steps: list[tuple[str, int, int]]) -> None:
    """Shown is the youngest count said, but nothing once somebody was turned away after it."""
    now: Offer | None = offer(capacity=FOUR_PLACES)
    count, counted_at, turned_away = 4, NOW, datetime.min.replace(tzinfo=UTC)
    clock = NOW
    for step, hours, number in steps:
        clock += hours * HOUR
        assert now is not None
        if step == "turn away":
            now = lowered(now, clock)
            turned_away = max(turned_away, clock)
        else:
            at = clock if step == "count" else clock - 2 * HOUR
            if at >= counted_at:
                count, counted_at = number, at
            now = told(now, a_capacity(at=clock, capacity={"available": number, "updated": at}))
    assert now is not None
    assert now.said is not None
    assert now.said.available == count
    assert available(now) == (0 if turned_away >= counted_at else count)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(event=strategies.events(SupportOfferPublished), at=strategies.MOMENTS)
def test_remembered(event: Event[Data], at: datetime) -> None:
    """What is kept is what is read again, whatever an offer says."""
    now = told(None, event)
    assert now is not None
    for each in (now, lowered(now, at)):
        assert offer_memory.read(offer_memory.dump(each)) == each


def test_memory() -> None:
    """A state keeps an offer until it is withdrawn; what did not change is not written."""
    assert offer_memory.load({}, "offer-1") is None
    new = offer()
    (kept,) = offer_memory.changes(None, new).items()
    assert kept == (b"offer/offer-1", offer_memory.dump(new))
    assert offer_memory.load({kept[0]: offer_memory.dump(new)}, "offer-1") == new
    assert offer_memory.changes(new, new) == {}
    assert offer_memory.changes(None, None) == {}
    gone = told(new, a_withdrawn_offer())
    assert offer_memory.changes(new, gone) == {b"offer/offer-1": None}
