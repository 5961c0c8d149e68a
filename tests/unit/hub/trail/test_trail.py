"""The trail of a case: steps, times, and who is waited for."""

from collections.abc import Iterable

from hub.party_file import load_parties
from hub.trail.handover import open_handover
from hub.trail.line import Line, Written
from hub.trail.local_time import hours
from hub.trail.offices import Offices
from hub.trail.trail import Trail, trail_of
from hub.trail.wording import one_line, plain, rows
from tests.support.ledger_lines import EPPERTSHAUSEN, KFB, a_copy, a_line, a_step, at

OFFICES = Offices(load_parties())
REQUEST = "referral.requested"
STEP = "referral.status-changed"
RULE = "referral-by-service-and-residence"
COPY = a_copy(KFB, REQUEST, RULE, "d-request")
SENT = a_line(
    event_id="e-request",
    first_received_at=at("2026-02-27 10:00"),
    first_received_by=EPPERTSHAUSEN,
    written=(COPY, Written(EPPERTSHAUSEN, "r-1", "receipt.delivered", None)),
)
ACCEPTED = a_step(
    "accepted",
    "2026-03-03 10:00",
    event_id="e-accepted",
    appointment_at=at("2026-03-05 14:00"),
    written=(a_copy(EPPERTSHAUSEN, STEP, "status-to-other-side", "d-accepted"),),
)
COMPLETED = a_step("completed", "2026-03-06 09:00", outcome="enrolled")


def trail(
    *lines: Line, now: str = "2026-03-31 09:00", asked: Iterable[str] = (), **stored: str
) -> Trail:
    """The trail of these lines; `stored` says when copies were kept."""
    kept = {name.replace("_", "-"): at(moment) for name, moment in stored.items()}
    return trail_of(lines, at(now), OFFICES, kept, set(asked))


def names(found: Trail) -> list[str]:
    """The names of its steps."""
    return [timed.step.name for timed in found.steps]


def test_from_sent_to_outcome() -> None:
    """Every step stands there once, in the order of time."""
    seen = a_line(
        "2026-03-02 13:00", event_type="receipt.seen", sender=KFB, service=None, owner=None
    )
    found = trail(SENT, seen, ACCEPTED, COMPLETED, d_request="2026-03-02 09:01")
    assert names(found) == [
        "filed",
        "sent",
        "received",
        "routed",
        "delivered",
        "stored",
        "seen",
        "accepted",
        "appointment",
        "outcome",
    ]
    assert (found.status, found.waits_for, found.overdue) == ("completed", None, False)


def test_parties_rules_and_codes() -> None:
    """Each step names its party and says by which rule or with which code."""
    found = {timed.step.name: timed.step for timed in trail(SENT, ACCEPTED, COMPLETED).steps}
    assert found["sent"].party == EPPERTSHAUSEN
    assert found["sent"].how == "debt_counselling"
    assert found["routed"].how == RULE
    assert (found["delivered"].party, found["delivered"].event_id) == (KFB, "d-request")
    assert (found["accepted"].party, found["accepted"].how) == (
        KFB,
        f"delivered to {EPPERTSHAUSEN}",
    )
    assert found["appointment"].at == at("2026-03-05 14:00")
    assert found["outcome"].how == "completed, enrolled"


def test_working_time() -> None:
    """From Monday nine to Tuesday ten there are nine working hours of an eight-hour day."""
    found = {timed.step.name: timed for timed in trail(SENT, ACCEPTED).steps}
    assert hours(found["accepted"].since_sent) == "9:00"
    assert hours(found["appointment"].took) == "20:00"
    assert hours(found["filed"].took) == "0:00"


def test_waits() -> None:
    """An unanswered referral says for whom it waits, until when, and that it is late."""
    early = trail(SENT, now="2026-03-04 09:00")
    late = trail(SENT, now="2026-03-31 09:00")
    assert early.due_at is not None
    assert early.due_at == at("2026-03-09 16:00")
    assert (early.waits_for, early.overdue) == (KFB, False)
    assert late.overdue
    assert f"waits for {KFB}, due 2026-03-09 16:00, overdue" in one_line(late)
    assert trail(SENT, ACCEPTED).due_at is None


def test_the_ledgers_own_due_date_counts() -> None:
    """What was agreed then counts, not what is agreed today."""
    assert trail(SENT._replace(due_at=at("2026-03-03 16:00"))).due_at == at("2026-03-03 16:00")


def test_the_event_asked_for_shows_how_it_travelled() -> None:
    """Asked by the id of a later copy, that event's transport is shown as well."""
    plainly = trail(SENT, ACCEPTED)
    asked = trail(SENT, ACCEPTED, asked=["d-accepted"])
    assert names(plainly).count("delivered") == 1
    assert names(asked).count("delivered") == 2


def test_refused() -> None:
    """A refused event is one step with its problem codes."""
    found = trail(a_line(verdict="refused", problems="case-unknown no-recipient"))
    assert names(found) == ["refused"]
    assert found.steps[0].step.how == "case-unknown no-recipient"
    assert found.status is None


def test_repeated() -> None:
    """An event sent again is a step of its own and changes nothing."""
    again = a_line("2026-03-02 11:00", verdict="repeated", event_id="e-request")
    assert names(trail(SENT, again)) == [*names(trail(SENT)), "repeated"]


def test_open_handover() -> None:
    """A move out of the district says that the old carrier pays, until it is continued."""
    moved = a_line(
        event_type="address-change.reported",
        written=(
            a_copy(KFB, "address-change.reported"),
            a_copy(KFB, "handover.opened", "handover-to-open-case"),
        ),
    )
    continued = a_line("2026-03-20 09:00", event_type="handover.continued", sender="darmstadt")
    withdrawn = a_line("2026-03-03 09:00", event_type="address-change.withdrawn")

    assert trail(moved).open_handover == KFB
    assert "pays until the new carrier continues" in one_line(trail(moved))
    assert "handover.opened" in names(trail(moved))
    assert trail(moved, continued).open_handover is None
    assert trail(moved, withdrawn).open_handover is None
    assert trail(moved, continued._replace(verdict="refused")).open_handover == KFB


def test_a_correction_may_end_a_handover() -> None:
    """Said again it is open since the first time; a line that says it has ended ends it."""
    kind = "address-change.corrected"
    opened = (a_copy(KFB, "handover.opened"),)
    moved = a_line(event_type="address-change.reported", written=opened)
    again = a_line("2026-03-03 09:00", event_type=kind, written=opened)
    back = a_line("2026-03-04 09:00", event_type=kind, handover="ended")

    found = open_handover([moved, again])
    assert found is not None
    assert found.opened_at == moved.recorded_at
    assert open_handover([moved, again, back]) is None


def test_expired_by_the_hub() -> None:
    """What the hub ends by itself is an outcome of the hub's."""
    told = a_copy(KFB, STEP, "expiry-to-owner")
    over = a_step(
        "expired",
        "2026-04-20 16:00",
        verdict="timed",
        event_type=None,
        sender=None,
        sent_at=None,
        written=(told,),
    )
    found = trail(SENT, over)
    last = {timed.step.name: timed.step for timed in found.steps}
    assert (last["outcome"].party, last["outcome"].how) == (None, "expired")
    assert last["told"].party == KFB
    assert found.status == "expired"


def test_suggestions() -> None:
    """Of which offer the owner heard, and when; a lane that only heard of one is no step."""
    noted = {"verdict": "noted", "event_id": None, "event_type": None, "sender": None}
    usual = {"sent_at": None, "service": None, "owner": None, **noted}
    told = (a_copy(KFB, "referral.offer-suggested", "suggestion-to-owner"),)
    suggested = a_line("2026-03-03 08:00", **usual, offer_id="offer-1", written=told)
    heard = a_line("2026-03-03 08:00", **usual)
    found = trail(SENT, heard, suggested)
    step = found.steps[-1].step
    assert (step.name, step.party, step.how) == ("suggested", KFB, "offer-1")
    assert len(found.steps) == len(trail(SENT).steps) + 1
    assert (found.status, found.service) == ("requested", "debt_counselling")


def test_reminders() -> None:
    """A time that is over is a step for each who hears of it, and nothing travelled."""
    said = (a_copy(KFB, "reminder.due", "reminder-to-owner"),)
    rung = a_line(
        "2026-03-05 12:00",
        verdict="timed",
        event_type=None,
        event_id=None,
        sender=None,
        sent_at=None,
        service=None,
        owner=None,
        written=said,
    )
    found = trail(SENT, rung)
    assert names(found)[-1] == "reminder.due"
    assert names(found).count("received") == 1
    assert names(trail(rung)) == ["reminder.due"]
    assert found.waits_for == KFB


def test_forms() -> None:
    """Line, table and JSON have the same steps."""
    found = trail(SENT, ACCEPTED, COMPLETED)
    said = plain(found)
    assert [row[0] for row in rows(found)] == names(found)
    assert [step["step"] for step in said["steps"]] == names(found)
    assert said["steps"][1]["at"] == "2026-03-02T09:00:00+01:00"
    assert one_line(found).startswith("case-1: filed 06432005 → sent 06432005 (debt_counselling)")
    assert "accepted kfb (delivered to 06432005) +9:00" in one_line(found)
