"""Every step of a referral in every situation by everybody: taken, or refused with what to say."""

from itertools import product

import pytest

from hub.domain.life_cycle import step
from hub.domain.referral import HUB, Referral, allowed
from hub.domain.refusal import Refusal
from schemas.problems import Problem, ProblemCode
from tests.support.builders import NOW
from tests.support.referral_courses import (
    COURSES,
    FINAL,
    GRAVITY,
    OPEN,
    OUTSIDER,
    OWNER,
    SENDER,
    SPEAKERS,
    STEPS,
    UNDER_WAY,
    after,
    saying,
    standing_at,
)

SITUATIONS: dict[str, Referral] = {status: standing_at(status) for status in COURSES} | {
    f"{status}, {more}": after(standing_at(status), *said)
    for status in UNDER_WAY
    for more, said in {
        "appointment": [(OWNER, "appointment-made")],
        "cancellation": [(SENDER, "cancellation-requested")],
        "both": [(OWNER, "appointment-made"), (SENDER, "cancellation-requested")],
    }.items()
}
"""A referral in every situation there is."""
EDGES = [(status, said) for status, steps in GRAVITY.items() for said in steps.split()]


QUIET = {"", "appointment"}
"""Nobody asked to cancel."""


def may(situation: str, speaker: str, said: str) -> bool:
    """Whether it may be said: the rules, told a second time."""
    status, _, more = situation.partition(", ")
    match speaker:
        case "hub":
            return said == "expired" and status == "requested"
        case _ if speaker == SENDER:
            return _sender_may(status, more, said)
        case _ if speaker == OWNER:
            return status in OPEN and _owner_may(status, more, said)
        case _:
            return False


def _sender_may(status: str, more: str, said: str) -> bool:
    match said:
        case "entered-in-error":
            return status != "entered-in-error"
        case "cancelled":
            return status == "requested"
        case "cancellation-requested":
            return status in UNDER_WAY and more in QUIET
        case _:
            return False


def _owner_may(status: str, more: str, said: str) -> bool:
    match said:
        case "forwarded":
            return more in QUIET
        case "cancellation-declined":
            return more not in QUIET
        case "appointment-made":
            return status in UNDER_WAY
        case "appointment-moved" | "appointment-cancelled" | "no-show":
            return more in {"appointment", "both"}
        case _:
            return said in GRAVITY[status].split()


EVERYTHING = list(product(SITUATIONS, SPEAKERS, STEPS))
ALLOWED = [each for each in EVERYTHING if may(*each)]
REFUSED = [each for each in EVERYTHING if not may(*each)]


def refused(situation: str, speaker: str, said: str) -> Problem:
    """The only problem with this step."""
    with pytest.raises(Refusal) as caught:
        step(SITUATIONS[situation], saying(said), speaker, NOW)
    (problem,) = caught.value.problems
    return problem


@pytest.mark.parametrize(("status", "said"), EDGES)
def test_every_edge_of_gravity_is_taken(status: str, said: str) -> None:
    """What HL7's diagram draws happens, said by the owner."""
    assert step(standing_at(status), saying(said), OWNER, NOW).status == said


@pytest.mark.parametrize("status", [one for one in COURSES if one != "entered-in-error"])
def test_every_status_may_have_been_an_error(status: str) -> None:
    """The sender may take back what should never have been, also when it is over."""
    error = step(standing_at(status), saying("entered-in-error"), SENDER, NOW)
    assert error.status == "entered-in-error"


@pytest.mark.parametrize(("situation", "speaker", "said"), ALLOWED)
def test_allowed_step_is_taken(situation: str, speaker: str, said: str) -> None:
    """It is listed, and it counts as one step."""
    referral = SITUATIONS[situation]
    assert said in allowed(referral, speaker)
    assert step(referral, saying(said), speaker, NOW).steps == referral.steps + 1


@pytest.mark.parametrize(("situation", "speaker", "said"), REFUSED)
def test_every_other_step_is_refused(situation: str, speaker: str, said: str) -> None:
    """Its sender hears a code and the steps that may be said instead; an outsider only a code."""
    assert said not in allowed(SITUATIONS[situation], speaker)
    problem = refused(situation, speaker, said)
    if speaker == OUTSIDER:
        assert (problem.code, problem.field) == (ProblemCode.NOT_A_PARTICIPANT, "subject")
        return
    assert (problem.code, problem.field) == (code_for(situation, speaker, said), "status")
    listed = [one for one in STEPS if may(situation, speaker, one)]
    _, _, words = problem.detail.rstrip(".").partition("Allowed now: ")
    assert sorted(words.split(", ")) == (sorted(listed) or ["nothing"])


def code_for(situation: str, speaker: str, said: str) -> ProblemCode:
    """Wrong party: it is never theirs to say, or somebody else could say it now."""
    never_theirs = not any(may(one, speaker, said) for one in SITUATIONS)
    anothers_now = any(may(situation, other, said) for other in SPEAKERS)
    wrong_party = never_theirs or anothers_now
    return ProblemCode.STEP_NOT_YOURS if wrong_party else ProblemCode.STEP_OUT_OF_ORDER


def test_refusal_reads_like_this() -> None:
    """One sentence on what is wrong, one on what may be said instead."""
    assert refused("requested", OWNER, "in-progress").detail == (
        "This cannot be said of the referral as it stands. "
        "Allowed now: accepted, rejected, cancelled, forwarded."
    )
    assert refused("accepted", SENDER, "cancelled").detail == (
        "This step of a referral is another party's. "
        "Allowed now: cancellation-requested, entered-in-error."
    )
    assert refused("completed", OWNER, "failed").detail.endswith("Allowed now: nothing.")


@pytest.mark.parametrize("said", STEPS)
def test_outsider_learns_nothing(said: str) -> None:
    """The answer is the same whatever the referral's situation."""
    assert len({refused(situation, OUTSIDER, said) for situation in SITUATIONS}) == 1
    assert not any(allowed(referral, OUTSIDER) for referral in SITUATIONS.values())


def test_nothing_but_an_error_follows_the_end() -> None:
    """Who is not the sender may say nothing more; the sender one thing, once."""
    for status in FINAL:
        referral = standing_at(status)
        assert allowed(referral, OWNER) == ()
        assert allowed(referral, HUB) == ()
        error = () if status == "entered-in-error" else ("entered-in-error",)
        assert allowed(referral, SENDER) == error


def test_unknown_referral_is_refused() -> None:
    """Who speaks of a case that was never asked hears that it is unknown."""
    with pytest.raises(Refusal) as caught:
        step(None, saying("accepted"), OWNER, NOW)
    assert [(one.code, one.field) for one in caught.value.problems] == [
        (ProblemCode.CASE_UNKNOWN, "subject")
    ]
