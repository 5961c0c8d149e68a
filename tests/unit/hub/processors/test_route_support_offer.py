"""An offer reaches whoever can use it, its news whoever has it; and it is asked to be assured."""

from datetime import UTC, datetime, timedelta

import pytest

from hub.domain.timers import Timer
from schemas.data import Data
from schemas.envelope import Event
from schemas.events.reminder_due import ReminderDue
from schemas.events.reminder_overdue import ReminderOverdue
from schemas.vocabulary import Verdict
from tests.support.answers import CARITAS, WITH_NEIGHBOURS, Hub, Timed
from tests.support.builders import (
    DIEBURG,
    EPPERTSHAUSEN,
    KFB,
    NOW,
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


FADES = datetime(2026, 5, 2, tzinfo=UTC)
"""Ninety days after the usual offer was last assured, on 1 February."""
FADED = datetime(2026, 7, 31, tzinfo=UTC)
"""As many again."""
YEARS = timedelta(days=800)


def _said(rung: list[Timed]) -> list[tuple[datetime, str, Event[Data]]]:
    return [(timed.due.now, to, event) for timed in rung for to, event in timed.events]


def test_publisher_is_asked_to_assure_its_offer() -> None:
    """Once when it begins to fade, once when it has faded, and never again."""
    rung = Hub().after(an_offer()).rings(NOW + YEARS)
    (first, second) = _said(rung)
    assert (first[:2], second[:2]) == ((FADES, EPPERTSHAUSEN), (FADED, EPPERTSHAUSEN))
    due, late = first[2], second[2]
    assert due.data == ReminderDue(owner=EPPERTSHAUSEN, due_at=FADED, awaits="assurance")
    assert late.data == ReminderOverdue(owner=EPPERTSHAUSEN, due_at=FADED, awaits="assurance")
    assert due.context.rule == "assurance-due-to-publisher"
    assert late.context.rule == "faded-offer-to-publisher"
    assert {event.context.subject for _, _, event in (first, second)} == {"offer-1"}
    assert (due.context.purpose, due.context.legalbasis) == ("directory", "sgb1-17")
    assert [timed.ledger.verdict for timed in rung] == [Verdict.TIMED] * 2


def test_assured_again_it_is_fresh_again() -> None:
    """The days are counted anew from the day that was said; news of places assure nothing."""
    hub = Hub().after(an_offer(), a_capacity(), an_offer(assured_date="2026-02-11"))
    ten_days = timedelta(days=10)
    assert [at for at, _, _ in _said(hub.rings(NOW + YEARS))] == [
        FADES + ten_days,
        FADED + ten_days,
    ]


@pytest.mark.parametrize(
    ("assured", "left"),
    [("2025-12-01", [datetime(2026, 5, 30, tzinfo=UTC)]), ("2025-09-01", [])],
)
def test_what_was_over_when_it_was_published_is_said_to_nobody(
    assured: str, left: list[datetime]
) -> None:
    """The publisher itself said how old it is; what comes later it is told."""
    rung = Hub().after(an_offer(assured_date=assured)).rings(NOW + YEARS)
    assert [at for at, _, _ in _said(rung)] == left


@pytest.mark.parametrize("over", [a_withdrawn_offer(), an_offer(dataclassification="internal")])
def test_offer_that_is_gone_is_not_asked_for(over: Event[Data]) -> None:
    """Withdrawn, or not public any more: no timer stands."""
    hub = Hub().after(an_offer(), over)
    assert not [Timer.parse(key) for key in hub.state if key.startswith(b"timer/")]
    assert hub.rings(NOW + YEARS) == []


def test_a_late_lane_decides_by_the_log() -> None:
    """An assurance that came after the day the offer faded finds that said first."""
    hub = Hub().after(an_offer())
    answer = hub.takes(an_offer(assured_date="2026-08-01", at=FADED), at=FADED)
    assert [line.verdict for line in answer.ledgers] == [Verdict.TIMED] * 2 + [Verdict.ROUTED]
    assert hub.rings(FADED + timedelta(days=1)) == []
