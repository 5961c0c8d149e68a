"""A move: who must know it, and the hand-over when a client leaves the district."""

import pytest

from schemas.events.handover_opened import HandoverOpened
from tests.support.answers import DARMSTADT, WITH_NEIGHBOURS, Answer, Hub
from tests.support.builders import (
    DARMSTADT_AGS,
    DIEBURG,
    EPPERTSHAUSEN,
    JURISDICTION,
    KFB,
    WEITERSTADT,
    a_continuation,
    a_correction,
    a_move,
    a_withdrawal,
)


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
    """It is the open case's carrier that goes on paying, whichever that is."""
    hub = Hub(WITH_NEIGHBOURS)
    answer = hub.takes(a_move(new_ags=DARMSTADT_AGS, case_open_at=DARMSTADT))
    assert _opened(answer) == [DARMSTADT]


def test_continued_handover_reaches_the_old_carrier_only() -> None:
    """The carrier hears that another pays (SGB X §2(3)); the towns of the case need not."""
    hub = Hub(WITH_NEIGHBOURS).after(a_move(), a_correction(new_ags=DARMSTADT_AGS))
    answer = hub.takes(a_continuation(by=DARMSTADT, **JURISDICTION))
    assert answer.rules == {KFB: "continuation-to-holders"}


def test_handover_continued_by_its_own_carrier_is_nobodys_news() -> None:
    """The old carrier alone has part in it: there is no other to tell."""
    hub = Hub().after(a_move(new_ags=DARMSTADT_AGS))
    answer = hub.takes(a_continuation(by=KFB, **JURISDICTION))
    assert answer.problems == [("no-recipient", None)]


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
