"""An offer reaches whoever can use it, and its news reach whoever has it."""

from tests.support.answers import CARITAS, WITH_NEIGHBOURS, Hub
from tests.support.builders import (
    DIEBURG,
    EPPERTSHAUSEN,
    KFB,
    WEITERSTADT,
    a_capacity,
    a_withdrawn_offer,
    an_offer,
)


def test_offer_for_the_district_reaches_every_municipality() -> None:
    """All but the publisher get a copy, the Kreisagentur first."""
    answer = Hub().takes(an_offer(service_area=["06432"]))
    assert len(answer.copies) == 23
    assert next(iter(answer.copies)) == KFB
    assert EPPERTSHAUSEN not in answer.copies


def test_copy_is_the_offer_as_published() -> None:
    """An offer is public: nothing of it is left out."""
    event = an_offer()
    answer = Hub().takes(event)
    assert all(copy.data == event.data for copy in answer.copies.values())


def test_news_reach_exactly_those_who_have_the_offer() -> None:
    """Fewer places, then withdrawn: the same municipalities hear of it."""
    hub = Hub().after(an_offer())
    assert {*hub.takes(a_capacity()).copies} == {KFB, DIEBURG}
    assert {*hub.takes(a_withdrawn_offer()).copies} == {KFB, DIEBURG}


def test_offer_that_moves_on_is_replaced_where_it_was() -> None:
    """Published again for another town, it does not stay in the first one's directory as it was."""
    hub = Hub().after(an_offer(service_area=[DIEBURG]))
    assert {*hub.takes(an_offer(service_area=[WEITERSTADT])).copies} == {KFB, DIEBURG, WEITERSTADT}


def test_provider_may_publish() -> None:
    """A provider's offer reaches those it serves."""
    answer = Hub(WITH_NEIGHBOURS).takes(an_offer(by=CARITAS, service_area=[DIEBURG]))
    assert {*answer.copies} == {KFB, DIEBURG}


def test_offers_with_other_ids_are_other_offers() -> None:
    """News of one offer do not reach those who have only another."""
    hub = Hub().after(an_offer(on="offer-1"), an_offer(on="offer-2", service_area=[WEITERSTADT]))
    assert {*hub.takes(a_capacity(on="offer-2")).copies} == {KFB, WEITERSTADT}
