"""A desk that is told what another system of its party said knows its cases, on each database."""

from datetime import timedelta
from pathlib import Path
from typing import Final
from uuid import UUID

from hub.casework.views import View
from hub.stores.casework.remembering import Earlier, remember
from schemas.data import Data
from schemas.envelope import Event
from schemas.events.referral_requested import ReferralRequested
from tests.support.builders import DIEBURG, EPPERTSHAUSEN, KFB, NOW, a_referral, a_step
from tests.support.desk_tables import DeskOf, DeskTables
from tests.support.desks_in_memory import Hub
from tests.support.referral_courses import APPOINTMENT

MINUTE: Final = timedelta(minutes=1)


def taken(kfb: DeskTables, *events: Event[Data]) -> list[Earlier]:
    """What KfB's other system says of it, minute by minute, as it lies on the hub's topics."""
    earlier = [Earlier(event, NOW + n * MINUTE) for n, event in enumerate(events)]
    for event, at in earlier:
        kfb.hub.take(event, at)
    return [one for one in earlier if one.event.context.party == KFB]


def test_what_was_said_elsewhere_counts(desk_of: DeskOf) -> None:
    """Its steps, its requests and what was refused of them stand at the desk as at the hub."""
    kfb = desk_of(KFB)
    there = {"ags": DIEBURG}
    earlier = taken(
        kfb,
        a_referral(on="case-1"),
        a_step("accepted", on="case-1", id=str(UUID(int=1)), appointment=APPOINTMENT),
        a_referral(
            on="case-2", by=KFB, client=there, service="debt_counselling", id=str(UUID(int=2))
        ),
        a_step("accepted", by=DIEBURG, on="case-2"),
        a_referral(on="case-3"),
        a_step("completed", on="case-3", id=str(UUID(int=3)), outcome="enrolled"),
        a_referral(on="case-4"),
    )
    remember(kfb.url, [*earlier, earlier[0]])
    assert kfb.outgoing() == [], "what was sent is not sent again"
    kfb.deliver()

    files = {case: kfb.desk.peek(case) for case in ("case-1", "case-2", "case-3", "case-4")}
    assert [file.status for file in files.values()] == [
        "accepted",
        "accepted",
        "requested",
        "requested",
    ]
    assert files["case-1"].appointment_place == "town_hall"
    assert (files["case-2"].service, files["case-2"].ags) == ("debt_counselling", DIEBURG)
    assert files["case-3"].problem == "step-out-of-order"
    assert files["case-2"].is_ours is False
    assert isinstance(kfb.desk.open("case-2", "anna", NOW).content, ReferralRequested)
    assert kfb.listed(View.WAITING) == ["case-2"]


def test_its_history_is_in_order(desk_of: DeskOf) -> None:
    """What came, what was answered by the other system, and the receipt: each when it was."""
    kfb = desk_of(KFB)
    answer = a_step("accepted", on="case-1", id=str(UUID(int=1)), at=NOW - timedelta(hours=9))
    remember(kfb.url, taken(kfb, a_referral(on="case-1"), answer))
    kfb.deliver()

    told = [(moment.what, moment.by) for moment in kfb.desk.history("case-1")]
    assert told == [
        ("referral.requested", EPPERTSHAUSEN),
        ("referral.status-changed", KFB),
        ("receipt.delivered", "hub"),
    ]


def test_ids_of_other_systems(tmp_path: Path) -> None:
    """SQLite takes any id: there an event is known by whichever its system gave it."""
    with DeskTables(f"sqlite:///{tmp_path / 'desk.sqlite'}", KFB, Hub()) as kfb:
        answer = a_step("accepted", on="case-1", id="kfb-fallakte-00007")
        remember(kfb.url, taken(kfb, a_referral(on="case-1"), answer))
        kfb.deliver()

        assert kfb.desk.peek("case-1").status == "accepted"
