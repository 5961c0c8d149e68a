"""A move: who must know it, and the hand-over when a client leaves the district."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from schemas.data import Data
from schemas.envelope import Event
from schemas.events.handover_opened import HandoverOpened
from schemas.vocabulary import Verdict
from tests.support.answers import DARMSTADT, WITH_NEIGHBOURS, Answer, Hub
from tests.support.builders import (
    DARMSTADT_AGS,
    DIEBURG,
    EPPERTSHAUSEN,
    JURISDICTION,
    KFB,
    NOW,
    WEITERSTADT,
    a_continuation,
    a_correction,
    a_move,
    a_withdrawal,
)


def _clocks(hub: Hub) -> list[bytes]:
    return [value for key, value in hub.state.items() if key.startswith(b"clock/")]


def _opened(answer: Answer) -> list[str]:
    assert all(isinstance(event.data, HandoverOpened) for _, event in answer.notices)
    return [to for to, _ in answer.notices]


@pytest.mark.parametrize(
    ("old_ags", "new_ags", "case_open_at", "opened"),
    [
        (EPPERTSHAUSEN, DARMSTADT_AGS, KFB, [KFB]),
        (EPPERTSHAUSEN, DIEBURG, KFB, []),
        (EPPERTSHAUSEN, EPPERTSHAUSEN, KFB, []),
        (DARMSTADT_AGS, DIEBURG, KFB, []),
        (DARMSTADT_AGS, "06412000", KFB, []),
        (EPPERTSHAUSEN, DIEBURG, None, []),
    ],
    ids=["out", "to another town", "next street", "in", "elsewhere", "no case"],
)
def test_handover_opens_only_across_the_border(
    old_ags: str, new_ags: str, case_open_at: str | None, opened: list[str]
) -> None:
    """Inside the district the carrier never changes (SGB II §36); out of it, it must."""
    event = a_move(old_ags=old_ags, new_ags=new_ags, case_open_at=case_open_at)
    assert _opened(Hub().takes(event)) == opened


def test_correction_can_open_a_handover() -> None:
    """A move first reported to the wrong town opens it once it is known to lead away."""
    hub = Hub().after(a_move())
    assert _opened(hub.takes(a_correction(new_ags=DARMSTADT_AGS))) == [KFB]


def test_handover_opens_for_the_carrier_that_pays() -> None:
    """Who moves in leaves the carrier there, which pays until the Kreisagentur continues."""
    hub = Hub(WITH_NEIGHBOURS)
    answer = hub.takes(a_move(old_ags=DARMSTADT_AGS, case_open_at=DARMSTADT))
    assert _opened(answer) == [DARMSTADT]
    assert {*hub.takes(a_continuation(by=KFB, **JURISDICTION)).copies} == {DARMSTADT}
    assert not _clocks(hub)


def test_no_handover_opens_for_who_is_responsible_anyway() -> None:
    """Who moves to where its carrier is has nobody to be handed over to."""
    answer = Hub(WITH_NEIGHBOURS).takes(a_move(new_ags=DARMSTADT_AGS, case_open_at=DARMSTADT))
    assert _opened(answer) == []


def test_handover_stands_on_receipt_and_ledger() -> None:
    """The sender reads by which rule it opened; the ledger keeps the notice with its id."""
    answer = Hub().takes(a_move(new_ags=DARMSTADT_AGS))
    ((_, opened),) = answer.notices
    copy, told = answer.delivered.deliveries
    assert (copy.rule, told.rule) == ("address-to-open-case", "handover-to-open-case")
    assert (told.to, told.delivery_id) == (KFB, opened.context.id)
    assert [notice.event_id for notice in answer.ledger.notices] == [opened.context.id]
    assert (answer.ledger.recipients, len(answer.ledger.delivery_ids)) == ((KFB,), 1)


def test_repeated_receipt_names_the_handover_again() -> None:
    """Sent twice, the move is answered twice alike; it opens nothing more."""
    hub, event = Hub(), a_move(new_ags=DARMSTADT_AGS)
    first, again = hub.takes(event), hub.takes(event)
    assert again.delivered.deliveries == first.delivered.deliveries
    assert (again.notices, again.ledger.delivery_ids, again.ledger.notices) == ([], (), ())
    assert again.ledger.recipients == (KFB,)


def test_carriers_own_report_opens_a_handover() -> None:
    """The Kreisagentur says that its client left: nobody else needs it, and it must not be lost."""
    said = a_move(by=KFB, new_ags=DARMSTADT_AGS, legalbasis="sgb1-60", purpose="jurisdiction")
    hub = Hub()
    answer = hub.takes(said)
    assert (_opened(answer), answer.copies) == ([KFB], {})
    assert [told.rule for told in answer.delivered.deliveries] == ["handover-to-open-case"]
    assert len(_clocks(hub)) == 1


@pytest.mark.parametrize("by", [KFB, EPPERTSHAUSEN])
@pytest.mark.parametrize(
    "ending",
    [a_withdrawal, lambda **who: a_correction(new_ags=DIEBURG, **who)],
    ids=["withdrawn", "corrected"],
)
def test_handover_ends_when_nobody_left(ending: Callable[..., Event[Data]], by: str) -> None:
    """A withdrawal and a correction that leads back inside end it, whoever said them."""
    why = {"by": by, "legalbasis": "sgb1-60", "purpose": "jurisdiction"}
    hub = Hub().after(a_move(new_ags=DARMSTADT_AGS, **why))
    assert len(_clocks(hub)) == 1
    answer = hub.takes(ending(**why))
    assert (answer.verdict, answer.notices, _clocks(hub)) == (Verdict.ROUTED, [], [])
    assert hub.rings(NOW + timedelta(days=365)) == []


def test_correction_outside_keeps_the_clock() -> None:
    """Another town outside is no new hand-over: the carrier pays since the first day."""
    hub = Hub().after(a_move(new_ags=DARMSTADT_AGS))
    before = _clocks(hub)
    later = NOW + timedelta(days=3)
    answer = hub.takes(a_correction(new_ags="06412000", at=later), at=later)
    assert (_opened(answer), _clocks(hub)) == ([KFB], before)


def test_move_back_ends_the_handover() -> None:
    """Reported again from outside, a client who came back is its old carrier's as before."""
    hub = Hub().after(a_move(new_ags=DARMSTADT_AGS))
    hub.after(a_move(old_ags=DARMSTADT_AGS, new_ags=DIEBURG))
    assert not _clocks(hub)


def test_open_handover_is_overdue_until_it_is_continued() -> None:
    """After the time agreed its carrier hears of it, again after as long; continued, no more."""
    hub = Hub().after(a_move(new_ags=DARMSTADT_AGS))
    said = [event for timed in hub.rings(NOW + timedelta(days=200)) for _, event in timed.events]
    assert [event.context.type for event in said] == ["handover.overdue.v1"] * 2
    rules = [event.context.rule for event in said]
    assert rules == ["open-handover-to-carrier", "late-again-to-lead"]
    assert {(event.context.purpose, event.context.legalbasis) for event in said} == {
        ("jurisdiction", "sgb10-2-3")
    }
    assert len(_clocks(hub)) == 1
    late = NOW + timedelta(days=201)
    hub.takes(a_continuation(by=KFB, at=late), at=late)
    assert not _clocks(hub)


def test_continued_handover_reaches_the_old_carrier_only() -> None:
    """The carrier hears that another pays (SGB X §2(3)); the towns of the case need not."""
    hub = Hub(WITH_NEIGHBOURS).after(a_move(), a_correction(new_ags=DARMSTADT_AGS))
    answer = hub.takes(a_continuation(by=DARMSTADT, **JURISDICTION))
    assert answer.rules == {KFB: "continuation-to-holders"}


def test_carrier_may_say_that_another_continued() -> None:
    """Most new carriers are not connected: the old one hears by letter, and ends it here."""
    hub = Hub().after(a_move(new_ags=DARMSTADT_AGS))
    answer = hub.takes(a_continuation(by=KFB, **JURISDICTION))
    assert (answer.verdict, answer.delivered.deliveries) == (Verdict.ROUTED, ())
    assert not _clocks(hub)


def test_continuation_without_a_handover_is_nobodys_news() -> None:
    """Where none is open the old carrier has nothing to end, and there is no other to tell."""
    hub = Hub().after(a_move())
    assert hub.takes(a_continuation(by=KFB, **JURISDICTION)).problems == [("no-recipient", None)]


def test_handover_outlives_the_memory_of_its_case() -> None:
    """What is forgotten of the parties of a case ends no hand-over, and it can still be ended."""
    hub = Hub().after(a_move(new_ags=DARMSTADT_AGS))
    hub.forget(b"case/")
    assert {*hub.takes(a_withdrawal()).copies} == {KFB}
    assert not _clocks(hub)


def test_move_inside_one_town_tells_the_carrier() -> None:
    """The town reported it and knows; the Kreisagentur does not."""
    answer = Hub().takes(a_move(new_ags=EPPERTSHAUSEN))
    assert {*answer.copies} == {KFB}


def test_everyone_who_was_told_is_told_of_the_withdrawal() -> None:
    """After a correction to another town, both towns hear that nobody moved."""
    hub = Hub().after(a_move(), a_correction(new_ags=WEITERSTADT))
    assert {*hub.takes(a_withdrawal()).copies} == {KFB, DIEBURG, WEITERSTADT}


def test_town_moved_to_may_report_as_well() -> None:
    """Whoever registers the move reports it; it is not sent back to them."""
    answer = Hub().takes(a_move(by=DIEBURG))
    assert {*answer.copies} == {KFB}


def test_clients_own_report_goes_the_same_way() -> None:
    """A client who tells the Kreisagentur (SGB I §60) is heard in the town hall too."""
    basis = {"purpose": "jurisdiction", "legalbasis": "sgb1-60"}
    answer = Hub().takes(a_move(by=KFB, reported_by="client", **basis))
    assert answer.rules == {DIEBURG: "address-to-place-moved-to"}
