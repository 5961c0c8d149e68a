"""The way of a referral, from its lines."""

import pytest

from hub.trail.line import Line
from hub.trail.way import Way, ways_of
from tests.support.ledger_lines import EPPERTSHAUSEN, KFB, a_line, a_step, at


def way(*steps: Line) -> Way:
    """The way of a referral sent on Monday at nine, with these steps after it."""
    found = ways_of([a_line(), *steps])
    assert len(found) == 1
    return found[0]


def test_a_referral_that_went_well() -> None:
    """Sent, accepted, appointment, outcome: each with its time."""
    found = way(
        a_step("accepted", "2026-03-03 10:00"),
        a_step("appointment-made", "2026-03-03 10:05", appointment_at=at("2026-03-05 14:00")),
        a_step("completed", "2026-03-06 09:00", outcome="enrolled"),
    )
    assert found.sent_at == at("2026-03-02 09:00")
    assert found.accepted_at == at("2026-03-03 10:00")
    assert found.first_appointment_at == at("2026-03-05 14:00")
    assert (found.status, found.is_used, found.waits_for) == ("completed", True, None)


def test_what_was_entered_in_error_was_not_used() -> None:
    """A referral that never should have been counts as no offer that somebody got."""
    found = way(
        a_step("accepted", "2026-03-03 10:00"),
        a_step("completed", "2026-03-06 09:00", outcome="enrolled"),
        a_step("entered-in-error", "2026-03-09 09:00"),
    )
    assert (found.status, found.is_used) == ("entered-in-error", False)


def test_an_unanswered_referral_waits_for_its_owner() -> None:
    """Nobody but the owner has to act."""
    assert way().waits_for == KFB
    assert way().accepted_at is None


@pytest.mark.parametrize(
    ("steps", "first"),
    [
        ([("appointment-moved", "2026-03-04 09:00", "2026-03-09 14:00")], "2026-03-09 14:00"),
        ([("appointment-moved", "2026-03-06 09:00", "2026-03-09 14:00")], "2026-03-05 14:00"),
        ([("appointment-cancelled", "2026-03-04 09:00", None)], None),
        ([("no-show", "2026-03-05 15:00", None)], None),
        (
            [
                ("no-show", "2026-03-05 15:00", None),
                ("appointment-made", "2026-03-05 15:05", "2026-03-12 14:00"),
            ],
            "2026-03-12 14:00",
        ),
        ([("failed", "2026-03-04 09:00", None)], None),
        ([("completed", "2026-03-06 09:00", None)], "2026-03-05 14:00"),
        ([("on-hold", "2026-03-04 09:00", None)], "2026-03-05 14:00"),
    ],
    ids=[
        "moved-before",
        "a-second-after-the-first",
        "cancelled",
        "missed",
        "missed-and-made-again",
        "ended-before",
        "ended-after",
        "held",
    ],
)
def test_first_appointment(steps: list[tuple[str, str, str | None]], first: str | None) -> None:
    """An appointment that was moved, cancelled or missed is not the first."""
    found = way(
        a_step("accepted", "2026-03-03 10:00", appointment_at=at("2026-03-05 14:00")),
        *(a_step(s, sent, appointment_at=at(when) if when else None) for s, sent, when in steps),
    )
    assert found.first_appointment_at == (at(first) if first else None)


def test_forwarded() -> None:
    """A new owner is asked anew; what the former accepted does not count."""
    found = way(
        a_step("accepted", "2026-03-03 10:00"),
        a_step("forwarded", "2026-03-04 10:00", owner=EPPERTSHAUSEN),
        a_step("accepted", "2026-03-05 10:00", sender=EPPERTSHAUSEN),
    )
    assert [one.owner for one in found.askings] == [KFB, EPPERTSHAUSEN]
    assert all(one.answered_at for one in found.askings)
    assert found.accepted_at == at("2026-03-05 10:00")
    assert found.waits_for == EPPERTSHAUSEN


def test_forwarded_and_not_answered() -> None:
    """The new owner has to answer."""
    found = way(a_step("forwarded", "2026-03-04 10:00", owner=EPPERTSHAUSEN))
    assert found.waits_for == EPPERTSHAUSEN
    assert found.askings[-1].answered_at is None
    assert found.status == "requested"


@pytest.mark.parametrize(
    ("reason", "waits_for"),
    [("documents_missing", EPPERTSHAUSEN), ("client_not_reached", None)],
)
def test_on_hold(reason: str, waits_for: str | None) -> None:
    """On hold nobody is waited for, but for papers that the sender owes."""
    found = way(
        a_step("accepted", "2026-03-03 10:00"),
        a_step("on-hold", "2026-03-04 10:00", reason=reason),
    )
    assert found.waits_for == waits_for


def test_cancellation_is_the_owners_to_answer() -> None:
    """On hold, too, the owner owes an answer to a cancellation; declined, it does not."""
    held = [a_step("accepted", "2026-03-03 10:00"), a_step("on-hold", "2026-03-04 10:00")]
    asked = a_step("cancellation-requested", "2026-03-05 10:00", sender=EPPERTSHAUSEN)
    declined = a_step("cancellation-declined", "2026-03-06 10:00")

    assert way(*held, asked).waits_for == KFB
    assert way(*held, asked, declined).waits_for is None


def test_rejected_and_asked_anew() -> None:
    """A case that is asked anew has two ways; what came before is not the second's."""
    first, second = ways_of(
        [
            a_line(),
            a_step("rejected", "2026-03-03 10:00", reason="at_capacity"),
            a_line("2026-03-09 09:00"),
            a_step("accepted", "2026-03-10 10:00"),
        ]
    )
    assert first.rejections == ["at_capacity"]
    assert (second.sent_at, second.rejections) == (at("2026-03-09 09:00"), [])


def test_refused_and_repeated_steps_do_not_count() -> None:
    """Only what was routed changes anything."""
    for verdict in ("refused", "repeated"):
        assert way(a_step("accepted", "2026-03-03 10:00", verdict=verdict)).accepted_at is None


def test_a_case_without_a_referral_has_no_way() -> None:
    """A move is no referral."""
    assert ways_of([a_line(event_type="address-change.reported")]) == []
