"""What each step changes of a referral, and who must act next."""

from dataclasses import replace

import pytest

from hub.domain.life_cycle import UNANSWERED, expire, open_, step
from hub.domain.referral import HUB, allowed, awaits, is_final, side_of
from hub.domain.refusal import Refusal
from hub.domain.transitions import Side
from schemas.events.referral_status_changed import ReferralStatusChanged
from schemas.problems import ProblemCode
from tests.support.builders import NOW, a_referral
from tests.support.referral_courses import (
    APPOINTMENT,
    COURSES,
    FINAL,
    NEXT,
    OPEN,
    OUTSIDER,
    OWNER,
    SENDER,
    UNDER_WAY,
    after,
    asked,
    later,
    saying,
    standing_at,
)

MOVED = {"place": "phone", "at": "2026-03-11T10:30:00+01:00"}


def code_of(caught: pytest.ExceptionInfo[Refusal]) -> tuple[str, str | None]:
    """Code and field of the only problem."""
    (problem,) = caught.value.problems
    return problem.code, problem.field


def test_request_is_remembered_without_the_person() -> None:
    """Who asked whom for what and where, since when; nothing of who it is about."""
    event = a_referral(service="local_offer", offer_id="offer-1", urgency="urgent")
    referral = open_(event.data, SENDER, OWNER, NOW)
    assert (referral.status, referral.sender, referral.owner) == ("requested", SENDER, OWNER)
    assert (referral.service, referral.offer_id) == ("local_offer", "offer-1")
    assert (referral.urgency, referral.wished_place) == ("urgent", "town_hall")
    assert referral.ags == event.data.client.ags
    assert referral.first_received_at == event.data.first_received_at
    assert referral.first_received_by == event.data.first_received_by
    assert referral.requested_at == referral.since == NOW
    assert (referral.answered_at, referral.steps, referral.former_owners) == (None, 0, ())


def test_nobody_asks_themselves() -> None:
    """A referral has two sides."""
    with pytest.raises(Refusal) as caught:
        open_(a_referral().data, SENDER, SENDER, NOW)
    assert code_of(caught) == ("recipient-is-sender", "recipient")


@pytest.mark.parametrize(
    ("party", "said", "counts"),
    [
        (OWNER, "accepted", True),
        (OWNER, "rejected", True),
        (OWNER, "cancelled", True),
        (SENDER, "cancelled", False),
        (SENDER, "entered-in-error", False),
        (HUB, "expired", False),
    ],
)
def test_answer_is_what_the_owner_says_first(party: str, said: str, *, counts: bool) -> None:
    """The time of the answer is kept; that the sender or the hub ended it is none."""
    assert after(asked(), (party, said)).answered_at == (later(1) if counts else None)


def test_first_answer_stays() -> None:
    """What the owner says later does not move the time of the answer."""
    assert after(standing_at("accepted"), (OWNER, "completed")).answered_at == later(1)


@pytest.mark.parametrize("status", OPEN)
def test_forwarded_referral_begins_again_with_its_filing_date(status: str) -> None:
    """The new owner has it as requested, with a time of their own; first receipt counts."""
    before = standing_at(status)
    now = step(before, saying("forwarded"), OWNER, later(9))
    assert (now.status, now.owner, now.former_owners) == ("requested", NEXT, (OWNER,))
    assert (now.requested_at, now.since, now.answered_at) == (later(9), later(9), None)
    assert (now.first_received_at, now.first_received_by) == (
        before.first_received_at,
        before.first_received_by,
    )
    assert (now.hold_since, now.appointment, now.sender) == (None, None, SENDER)
    assert side_of(now, OWNER) is None


def test_former_owners_stand_once_in_order() -> None:
    """However often it goes to and fro, each stands where they first had it."""
    referral = asked()
    for owner in (NEXT, OUTSIDER, OWNER, NEXT):
        said = saying("forwarded", new_owner=owner)
        referral = step(referral, said, referral.owner, NOW)
    assert (referral.owner, referral.former_owners) == (NEXT, (OWNER, NEXT, OUTSIDER))


@pytest.mark.parametrize("new_owner", [SENDER, OWNER])
def test_forwarded_means_to_a_third_party(new_owner: str) -> None:
    """Nobody forwards to themselves, and what goes back to its sender is rejected."""
    with pytest.raises(Refusal) as caught:
        step(asked(), saying("forwarded", new_owner=new_owner), OWNER, NOW)
    assert code_of(caught) == ("recipient-is-sender", "new_owner")


def test_hold_has_a_beginning_and_an_end() -> None:
    """It rests from the step that says so, whatever else is said, until it goes on."""
    held = standing_at("on-hold")
    assert held.hold_since == later(2)
    assert after(held, (OWNER, "appointment-made")).hold_since == later(2)
    assert after(held, (OWNER, "in-progress")).hold_since is None
    again = after(held, (OWNER, "in-progress"), (OWNER, "on-hold"))
    assert again.hold_since == later(4)


def test_reason_is_that_of_the_present_status() -> None:
    """An earlier reason does not stay, and a step on the way does not replace it (Gravity)."""
    held = standing_at("on-hold")
    assert held.reason == "client_not_reached"
    assert after(held, (SENDER, "cancellation-requested")).reason == "client_not_reached"
    assert after(held, (OWNER, "in-progress")).reason is None


def test_outcome_stays_with_completed() -> None:
    """How it ended is kept; of what was an error nothing is."""
    done = standing_at("completed")
    assert done.outcome == "service_received"
    assert after(done, (SENDER, "entered-in-error")).outcome is None


@pytest.mark.parametrize("said", ["accepted", "in-progress"])
def test_appointment_may_come_with_a_status(said: str) -> None:
    """Accepted or begun, and where to meet, in one event."""
    before = asked() if said == "accepted" else standing_at("accepted")
    now = step(before, saying(said, appointment=APPOINTMENT), OWNER, NOW)
    assert now.appointment is not None
    assert now.appointment.place == APPOINTMENT["place"]


@pytest.mark.parametrize("said", ["in-progress", "on-hold"])
def test_appointment_stays_while_the_referral_goes_on(said: str) -> None:
    """Work that begins or rests calls nothing off."""
    made = after(standing_at("accepted"), (OWNER, "appointment-made"))
    assert after(made, (OWNER, said)).appointment == made.appointment


@pytest.mark.parametrize("status", UNDER_WAY)
def test_appointment_is_made_moved_and_called_off(status: str) -> None:
    """The last word counts; the status stays."""
    made = after(standing_at(status), (OWNER, "appointment-made"))
    assert made.appointment is not None
    moved = step(made, saying("appointment-moved", appointment=MOVED), OWNER, NOW)
    assert moved.appointment is not None
    assert moved.appointment.place == MOVED["place"]
    off = after(moved, (OWNER, "appointment-cancelled"))
    assert (off.appointment, off.no_shows) == (None, 0)
    assert {one.status for one in (made, moved, off)} == {status}
    assert {one.since for one in (made, moved, off)} == {standing_at(status).since}


def test_missed_appointments_are_counted() -> None:
    """A client who did not come has no appointment any more; how often is remembered."""
    referral = standing_at("accepted")
    for times in (1, 2):
        referral = after(referral, (OWNER, "appointment-made"), (OWNER, "no-show"))
        assert (referral.no_shows, referral.appointment) == (times, None)
    assert after(referral, (OWNER, "forwarded")).no_shows == 2


@pytest.mark.parametrize("said", ["on-hold", "completed", "failed", "cancelled"])
def test_appointment_said_at_the_wrong_moment_is_passed_over(said: str) -> None:
    """Some systems repeat all they know; that makes no appointment."""
    before = standing_at("accepted")
    assert step(before, saying(said, appointment=APPOINTMENT), OWNER, NOW).appointment is None


@pytest.mark.parametrize("said", ["completed", "failed", "cancelled", "entered-in-error"])
def test_what_is_over_has_no_appointment(said: str) -> None:
    """Nobody waits for a client whose referral ended."""
    made = after(standing_at("accepted"), (OWNER, "appointment-made"))
    party = SENDER if said == "entered-in-error" else OWNER
    assert after(made, (party, said)).appointment is None


def test_cancellation_takes_two() -> None:
    """Once it is accepted the sender asks, and the owner says whether it ends."""
    wished = after(standing_at("in-progress"), (SENDER, "cancellation-requested"))
    assert (wished.status, wished.cancellation_requested_by) == ("in-progress", SENDER)
    confirmed = after(wished, (OWNER, "cancelled"))
    assert (confirmed.status, confirmed.cancellation_requested_by) == ("cancelled", SENDER)
    declined = after(wished, (OWNER, "cancellation-declined"))
    assert (declined.status, declined.cancellation_requested_by) == ("in-progress", None)
    assert "cancellation-requested" in allowed(declined, SENDER)


def test_owner_may_go_on_while_asked_to_cancel() -> None:
    """The wish stays until it is answered or the referral is over."""
    wished = after(standing_at("accepted"), (SENDER, "cancellation-requested"))
    going_on = after(wished, (OWNER, "in-progress"), (OWNER, "appointment-made"))
    assert going_on.cancellation_requested_by == SENDER
    assert after(going_on, (OWNER, "completed")).status == "completed"


def test_nobody_answered() -> None:
    """The hub ends what nobody answered, with the reason that says so, and nothing else."""
    gone = expire(asked(), later(300))
    assert (gone.status, gone.reason, gone.since) == ("expired", "no_answer", later(300))
    assert isinstance(UNANSWERED, ReferralStatusChanged)
    for status in set(COURSES) - {"requested"}:
        with pytest.raises(Refusal):
            expire(standing_at(status), NOW)


@pytest.mark.parametrize("status", COURSES)
def test_final_or_open(status: str) -> None:
    """A referral is over, or somebody has it."""
    assert is_final(standing_at(status)) is (status in FINAL)


@pytest.mark.parametrize(
    ("course", "side"),
    [
        ((), Side.OWNER),
        (((OWNER, "accepted"),), Side.OWNER),
        (((OWNER, "accepted"), (OWNER, "in-progress")), Side.OWNER),
        (((OWNER, "accepted"), (OWNER, "on-hold")), None),
        (
            ((OWNER, "accepted"), (OWNER, "on-hold"), (SENDER, "cancellation-requested")),
            Side.OWNER,
        ),
        (((OWNER, "forwarded"),), Side.OWNER),
        *((COURSES[status], None) for status in FINAL),
    ],
)
def test_who_must_act(course: tuple[tuple[str, str], ...], side: Side | None) -> None:
    """The owner while it is open, nobody while it rests or when it is over."""
    assert awaits(after(asked(), *course)) is side


def test_sender_must_act_when_papers_are_missing() -> None:
    """It rests because the sender has to send something."""
    held = step(standing_at("accepted"), saying("on-hold", reason="documents_missing"), OWNER, NOW)
    assert awaits(held) is Side.SENDER


@pytest.mark.parametrize("status", OPEN)
@pytest.mark.parametrize("speaker", [SENDER, OWNER])
def test_open_case_is_not_asked_again(status: str, speaker: str) -> None:
    """Neither its sender nor its owner asks on a case that is open; both hear what they may do."""
    before = standing_at(status)
    with pytest.raises(Refusal) as caught:
        open_(a_referral(service="housing_costs").data, speaker, NEXT, later(5), before)
    assert code_of(caught) == ("referral-already-open", "subject")
    (problem,) = caught.value.problems
    assert all(said in problem.detail for said in allowed(before, speaker))


def test_former_owner_has_no_say_in_an_open_case() -> None:
    """Who forwarded it hears nothing of how it stands."""
    before = after(asked(), (OWNER, "forwarded"))
    with pytest.raises(Refusal) as caught:
        open_(a_referral().data, OWNER, OUTSIDER, later(5), before)
    assert code_of(caught) == ("not-a-participant", "subject")


@pytest.mark.parametrize("status", FINAL)
def test_case_that_is_over_may_be_asked_anew(status: str) -> None:
    """The new referral remembers nothing of the old one but who turned it down."""
    anew = open_(a_referral().data, SENDER, NEXT, later(5), standing_at(status))
    turned_down_by = (OWNER,) if status == "rejected" else ()
    fresh = open_(a_referral().data, SENDER, NEXT, later(5))
    assert anew == replace(fresh, turned_down_by=turned_down_by)


def test_whoever_turned_it_down_is_remembered_while_it_is_asked_for() -> None:
    """Rejected twice and asked a third time, both are known; asked for another service, nobody."""
    data, other = a_referral().data, a_referral(service="housing_costs").data
    rejected = step(open_(data, SENDER, OWNER, NOW), saying("rejected"), OWNER, NOW)
    again = step(open_(data, SENDER, NEXT, NOW, rejected), saying("rejected"), NEXT, NOW)
    assert open_(data, SENDER, OWNER, NOW, again).turned_down_by == (OWNER, NEXT)
    assert open_(other, SENDER, OWNER, NOW, again).turned_down_by == ()


@pytest.mark.parametrize("status", FINAL)
@pytest.mark.parametrize("service", ["benefit_advice", "housing_costs"])
def test_filing_date_survives_an_end_that_decided_nothing(status: str, service: str) -> None:
    """Rejected or unanswered and asked anew for the same: not later (SGB I §16(2))."""
    before = standing_at(status)
    protected = status in {"rejected", "expired"} and service == before.service
    said = a_referral(service=service, first_received_at="2026-03-02T08:00:00+01:00").data
    assert said.first_received_at > before.first_received_at
    if protected:
        with pytest.raises(Refusal) as caught:
            open_(said, SENDER, NEXT, later(5), before)
        assert code_of(caught) == (ProblemCode.FILING_DATE_LATER, "first_received_at")
        said = a_referral(service=service, first_received_at="2026-02-01T08:00:00+01:00").data
    anew = open_(said, SENDER, NEXT, later(5), before)
    assert anew.first_received_at == said.first_received_at
