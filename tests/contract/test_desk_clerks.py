"""Clerks at one desk: at once, twice, too late, or with what may not be said."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any, Final

import pytest

from hub.casework.desk import Terms
from hub.casework.refusals import (
    AlreadySent,
    CaseNotHere,
    ChangedMeanwhile,
    ClaimedByAnother,
    StepNotAllowed,
    WouldBeRefused,
)
from hub.casework.views import View
from schemas.events.handover_continued import HandoverContinued
from schemas.vocabulary import LegalBasis, Purpose
from tests.support.builders import (
    DIEBURG,
    EPPERTSHAUSEN,
    KFB,
    NOW,
    a_correction,
    a_referral,
)
from tests.support.desk_tables import DeskOf, asked
from tests.support.referral_courses import saying

MINUTE: Final = timedelta(minutes=1)
ASKING: Final = Terms(Purpose.INTEGRATION, LegalBasis.SGB10_69)
OFFERING: Final = Terms(Purpose.DIRECTORY, LegalBasis.SGB1_17)


def test_two_clerks_claim_at_once(desk_of: DeskOf) -> None:
    """One has the case, the other is told who."""
    kfb = asked(desk_of)
    version = kfb.desk.peek("case-1").version
    together = threading.Barrier(2)

    def claim(clerk: str) -> str:
        together.wait()
        try:
            kfb.desk.claim("case-1", clerk, version, NOW)
        except ClaimedByAnother as refused:
            return f"{refused.clerk} has it"
        return "mine"

    with ThreadPoolExecutor(2) as pool:
        anna, bert = pool.map(claim, ("anna", "bert"))
    has = kfb.desk.peek("case-1").assigned_to
    assert {anna, bert} == {"mine", f"{has} has it"}
    assert kfb.count("SELECT count(*) FROM acts WHERE what = 'claimed'") == 1


def test_two_clerks_answer_at_once(desk_of: DeskOf) -> None:
    """One answer goes out; the other clerk is told that somebody has the case."""
    kfb = asked(desk_of)
    version = kfb.desk.peek("case-1").version
    together = threading.Barrier(2)

    def answer(clerk: str) -> bool:
        together.wait()
        said = saying("accepted" if clerk == "anna" else "rejected")
        try:
            kfb.desk.say("case-1", clerk, version, said, f"form-{clerk}", NOW)
        except ClaimedByAnother:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(answer, ("anna", "bert"))) == [False, True]
    (event,) = kfb.outgoing()
    assert kfb.desk.peek("case-1").said == event.data.status  # type: ignore[attr-defined]


def test_a_click_that_comes_twice(desk_of: DeskOf) -> None:
    """Sent twice, also at once, a form says one thing; with another content it is refused."""
    kfb = asked(desk_of)
    version = kfb.desk.peek("case-1").version
    together = threading.Barrier(2)

    def click(_: int) -> object:
        together.wait()
        return kfb.desk.say("case-1", "anna", version, saying("accepted"), "form-1", NOW)

    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(click, range(2))
    assert first == second
    assert len(kfb.outgoing()) == 1
    with pytest.raises(AlreadySent) as refused:
        kfb.desk.say("case-1", "anna", version, saying("rejected"), "form-1", NOW)
    assert refused.value.case == "case-1"
    assert len(kfb.outgoing()) == 1


def test_a_case_begun_twice(desk_of: DeskOf) -> None:
    """A form that comes twice begins one case; the next day as well."""
    town = desk_of(EPPERTSHAUSEN)
    data = a_referral().data
    first = town.desk.start(data, ASKING, "bert", "form-1", NOW)
    again = town.desk.start(data, ASKING, "bert", "form-1", NOW + timedelta(days=1))
    another = town.desk.start(data, ASKING, "bert", "form-2", NOW)
    assert first == again != another
    assert first.startswith("06432005-260302-")
    assert len(town.outgoing()) == 2
    changed = a_referral(wished_place="phone").data
    with pytest.raises(AlreadySent) as refused:
        town.desk.start(changed, ASKING, "bert", "form-1", NOW)
    assert refused.value.case == first


def test_a_stale_page(desk_of: DeskOf) -> None:
    """Who acts on what has changed meanwhile is told so, and nothing is written."""
    kfb = asked(desk_of)
    stale = kfb.desk.peek("case-1").version
    kfb.desk.claim("case-1", "anna", stale, NOW)
    with pytest.raises(ChangedMeanwhile):
        kfb.desk.say("case-1", "anna", stale, saying("accepted"), "form-1", NOW)
    with pytest.raises(ChangedMeanwhile):
        kfb.desk.release("case-1", "anna", stale, NOW)
    assert kfb.outgoing() == []
    assert kfb.desk.peek("case-1").assigned_to == "anna"


def test_claim_and_release(desk_of: DeskOf) -> None:
    """A clerk gives back what is theirs; a lead also what is somebody else's."""
    kfb = asked(desk_of)
    desk = kfb.desk
    file = desk.claim("case-1", "anna", desk.peek("case-1").version, NOW)
    assert desk.claim("case-1", "anna", 0, NOW) == file, "a double click"
    with pytest.raises(ClaimedByAnother):
        desk.release("case-1", "bert", file.version, NOW)
    free = desk.release("case-1", "lead", file.version, NOW, of_another=True)
    assert free.assigned_to is None
    assert desk.release("case-1", "bert", 0, NOW) == free
    done = [moment.what for moment in desk.history("case-1")]
    assert done == ["referral.requested", "claimed", "released"]


def test_claim_in_bulk(desk_of: DeskOf) -> None:
    """Each case has its own result: claimed, somebody else's, not here."""
    kfb = desk_of(KFB)
    for case in ("case-1", "case-2", "case-3"):
        kfb.hub.take(a_referral(on=case), NOW)
    kfb.deliver()
    kfb.desk.claim("case-2", "bert", kfb.desk.peek("case-2").version, NOW)
    wanted = ["case-3", "case-2", "no-case", "case-1", "case-3"]
    assert [tuple(one) for one in kfb.desk.claim_all(wanted, "anna", NOW)] == [
        ("case-3", "anna"),
        ("case-2", "bert"),
        ("no-case", None),
        ("case-1", "anna"),
        ("case-3", "anna"),
    ]
    assert sorted(kfb.listed(View.MINE)) == ["case-1", "case-3"]


def test_what_may_not_be_said(desk_of: DeskOf) -> None:
    """A step out of order, or one that the hub would refuse, is refused here and not sent."""
    kfb = asked(desk_of)
    version = kfb.desk.peek("case-1").version

    def say(data: Any) -> None:  # noqa: ANN401 - any data
        kfb.desk.say("case-1", "anna", version, data, "form-1", NOW)

    with pytest.raises(StepNotAllowed) as refused:
        say(saying("completed"))
    assert "accepted" in refused.value.allowed
    with pytest.raises(StepNotAllowed):
        say(HandoverContinued.model_validate({"continued_since": "2026-03-01"}))
    for owner, code in ((EPPERTSHAUSEN, "recipient-is-sender"), ("nobody", "recipient-unknown")):
        with pytest.raises(WouldBeRefused) as would:
            say(saying("forwarded", new_owner=owner))
        assert [problem.code for problem in would.value.problems] == [code]
    with pytest.raises(CaseNotHere):
        kfb.desk.say("no-case", "anna", 0, saying("accepted"), "form-1", NOW)
    assert kfb.outgoing() == []
    assert kfb.count("SELECT count(*) FROM acts") == 0


def test_what_may_not_be_begun(desk_of: DeskOf) -> None:
    """A referral that the hub would refuse is not sent, and is no case."""
    town = desk_of(EPPERTSHAUSEN)
    for data, terms, code in (
        (a_referral(client={"ags": "06432099"}).data, ASKING, "area-unknown"),
        (a_referral(service="debt_counselling").data, ASKING, "recipient-is-sender"),
        (a_referral().data, ASKING._replace(recipient="nobody"), "recipient-unknown"),
        (a_referral().data, OFFERING, "legal-basis-not-permitted"),
    ):
        with pytest.raises(WouldBeRefused) as refused:
            town.desk.start(data, terms, "bert", "form-1", NOW)
        assert code in [problem.code for problem in refused.value.problems]
    assert town.listed() == []
    assert town.outgoing() == []


def test_delivered_while_a_clerk_speaks(desk_of: DeskOf) -> None:
    """Whatever comes in at the same moment, neither the clerk's word nor the delivery is lost."""
    kfb = desk_of(KFB)
    cases = [f"case-{n}" for n in range(20)]
    for case in cases:
        kfb.hub.take(a_referral(on=case), NOW)
    kfb.deliver()
    versions = {case: kfb.desk.peek(case).version for case in cases}
    for case in cases:
        kfb.hub.take(a_correction(on=case, by=DIEBURG, corrects="e-9"), NOW)
    waiting = kfb.waiting()
    said: list[str] = []

    def speak() -> None:
        for case in cases:
            try:
                kfb.desk.say(case, "anna", versions[case], saying("accepted"), f"form-{case}", NOW)
                said.append(case)
            except ChangedMeanwhile:
                continue

    def bring() -> None:
        with kfb.sink() as sink:
            for one in waiting:
                sink.write([one])

    with ThreadPoolExecutor(2) as pool:
        for job in [pool.submit(speak), pool.submit(bring)]:
            job.result()
    for case in cases:
        file = kfb.desk.peek(case)
        assert file.to_enter
        assert (file.status == "accepted") is (case in said)
    assert sorted(event.context.subject for event in kfb.outgoing()) == sorted(said)
