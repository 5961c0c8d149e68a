"""What the ledger keeps of an event: codes, ids and times only."""

from hub.domain.decision import Outgoing
from hub.domain.trail import notices_of, step_of
from schemas.codec import Record
from tests.support.builders import a_move, a_referral, a_step

AGREED = {"place": "town_hall", "at": "2026-03-05T14:00:00+01:00"}


def test_a_request() -> None:
    """Service, offer, filing date and who has it now."""
    step = step_of(a_referral(), ("kfb",))
    assert step is not None
    assert step.model_dump(mode="json", exclude_none=True) == {
        "service": "benefit_advice",
        "owner": "kfb",
        "first_received_at": "2026-03-01T10:00:00+01:00",
        "first_received_by": "06432005",
    }


def test_a_step() -> None:
    """Status, codes and the time of the appointment, without its place."""
    step = step_of(a_step("in-progress", appointment=AGREED), ("06432005",))
    assert step is not None
    assert step.model_dump(mode="json", exclude_none=True) == {
        "status": "in-progress",
        "appointment_at": "2026-03-05T14:00:00+01:00",
    }


def test_an_appointment_at_the_wrong_moment() -> None:
    """What is passed over in the referral is passed over here."""
    step = step_of(a_step("on-hold", reason="client_not_reached", appointment=AGREED), ())
    assert step is not None
    assert step.appointment_at is None


def test_forwarded() -> None:
    """Its new owner has it now, whoever else is told."""
    step = step_of(a_step("forwarded", new_owner="06432004"), ("06432005", "06432004"))
    assert step is not None
    assert step.owner == "06432004"


def test_other_events_are_no_steps() -> None:
    """A move says nothing of a referral."""
    assert step_of(a_move(), ("kfb",)) is None


def test_notices() -> None:
    """What goes to a party is a notice; what goes elsewhere is not."""
    headers = [("ce_type", b"reminder.due.v1"), ("ce_id", b"n-1"), ("ce_rule", b"due-to-owner")]
    record = Record(b"case-1", b"{}", headers)
    plain = Record(b"case-1", b"{}", headers[:2])
    found = notices_of(
        [Outgoing("to.kfb", record), Outgoing("ledger", record), Outgoing("to.06432005", plain)]
    )
    assert [(one.to, one.event_type, one.event_id, one.rule) for one in found] == [
        ("kfb", "reminder.due.v1", "n-1", "due-to-owner"),
        ("06432005", "reminder.due.v1", "n-1", None),
    ]
