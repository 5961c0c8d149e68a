"""Whatever is said at which desk, in whatever order it arrives: desks and hub agree in the end."""

from dataclasses import fields
from datetime import datetime, timedelta
from typing import Final

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from hub.casework.case_file import Sending
from hub.casework.desk import Terms
from hub.domain import clocks, deadlines, referral_memory
from hub.domain.clocks import Deadline
from hub.domain.referral import Life, Referral, allowed, is_final
from hub.domain.timers import Place
from hub.processors import route_referral
from schemas.vocabulary import LegalBasis, Purpose
from tests.support.builders import DIEBURG, EPPERTSHAUSEN, KFB, NOW, WEITERSTADT, a_referral
from tests.support.desks_in_memory import Hub, PureDesk
from tests.support.referral_courses import APPOINTMENT, saying

AT_DESKS: Final = (EPPERTSHAUSEN, KFB, DIEBURG)
OTHERS: Final = (EPPERTSHAUSEN, KFB, DIEBURG, WEITERSTADT)
TERMS: Final = Terms(Purpose.INTEGRATION, LegalBasis.SGB10_69)
LIFE: Final = tuple(field.name for field in fields(Life) if field.name != "opened_at")
FORGOTTEN: Final = {"sender", "former_owners", "answered_at", "no_shows", "steps"}
"""What a party does not know of a referral that was forwarded to it."""
WEEKS: Final = (0, 1, 24, 24 * 8, 24 * 40)
"""Hours that pass between two things."""


class Desks(RuleBasedStateMachine):
    """Three desks and the hub; each is as far behind the others as chance will have it."""

    def __init__(self) -> None:
        """Begin with nothing said."""
        super().__init__()
        self.hub = Hub()
        self.desks = {party: PureDesk(party, self.hub) for party in AT_DESKS}
        self.now: datetime = NOW
        self.numbers = 0

    def later(self, hours: int = 0) -> datetime:
        """A while after the last."""
        self.now += timedelta(hours=hours, seconds=7)
        return self.now

    @rule(desk=st.sampled_from((EPPERTSHAUSEN, KFB)))
    def asks(self, desk: str) -> None:
        """The town hall asks the Kreisagentur, or the other way round."""
        self.numbers += 1
        service = "benefit_advice" if desk == EPPERTSHAUSEN else "debt_counselling"
        data = a_referral(service=service).data
        self.desks[desk].start(f"case-{self.numbers}", data, TERMS, self.later())

    @rule(desk=st.sampled_from(AT_DESKS), data=st.data())
    def says(self, desk: str, data: st.DataObject) -> None:
        """A clerk says what the desk allows, whatever has happened elsewhere meanwhile."""
        here = self.desks[desk]
        open_to = [case for case in sorted(here.files) if here.steps(case)]
        if not open_to:
            return
        case = data.draw(st.sampled_from(open_to))
        status = data.draw(st.sampled_from(here.steps(case)))
        changes: dict[str, object] = {}
        if status == "forwarded":
            file = here.files[case].file
            changes["new_owner"] = data.draw(
                st.sampled_from([each for each in OTHERS if each not in (desk, file.other)])
            )
        elif data.draw(st.booleans()):
            changes["appointment"] = APPOINTMENT
        here.say(case, saying(status, **changes), self.later())

    @rule(desk=st.sampled_from(AT_DESKS), data=st.data())
    def opens(self, desk: str, data: st.DataObject) -> None:
        """A clerk looks at a case."""
        here = self.desks[desk]
        if here.files:
            here.open(data.draw(st.sampled_from(sorted(here.files))), self.later())

    @precondition(lambda self: any(desk.outbox for desk in self.desks.values()))
    @rule(data=st.data(), hours=st.sampled_from(WEEKS), twice=st.booleans())
    def hub_takes(self, data: st.DataObject, hours: int, *, twice: bool) -> None:
        """What was said first at some desk comes to the hub, perhaps twice."""
        waiting = [party for party, desk in self.desks.items() if desk.outbox]
        desk = self.desks[data.draw(st.sampled_from(waiting))]
        event = desk.outbox.popleft()
        for _ in range(1 + twice):
            self.hub.take(event, self.later(hours))

    @rule(hours=st.sampled_from(WEEKS))
    def time_passes(self, hours: int) -> None:
        """The hub's timers ring."""
        self.hub.ring(self.later(hours))

    @rule(desk=st.sampled_from(AT_DESKS), most=st.integers(1, 4))
    def hears(self, desk: str, most: int) -> None:
        """A desk reads the next of its deliveries and receipts."""
        for _ in range(most):
            if self.desks[desk].is_behind:
                self.desks[desk].hear()

    @rule()
    def settles(self) -> None:
        """Everything arrives; then desks and hub agree, and the hub takes every step allowed."""
        for desk in self.desks.values():
            while desk.outbox:
                self.hub.take(desk.outbox.popleft(), self.later())
        for desk in self.desks.values():
            while desk.is_behind:
                desk.hear()
            for case in desk.files:
                self._agrees(desk, case)

    def teardown(self) -> None:
        """At the very end as well."""
        self.settles()

    def _agrees(self, desk: PureDesk, case: str) -> None:
        file, course = desk.files[case]
        referral = referral_memory.load(self.hub.state, case)
        assert course.unanswered == ()
        assert file.sending is not Sending.BEING_SENT
        if referral is None or desk.party not in (referral.owner, referral.sender):
            assert desk.steps(case) == ()
            assert file.is_over or file.problem
            return
        life = course.certain.life
        assert life is not None
        was_forwarded = desk.party == referral.owner and referral.former_owners
        for name in LIFE:
            if not (was_forwarded and name in FORGOTTEN):
                assert getattr(life, name) == getattr(referral, name), name
        assert desk.steps(case) == allowed(referral, desk.party)
        assert file.status is referral.status
        assert file.is_ours is (desk.party == referral.owner)
        assert file.is_over is (is_final(referral) and file.problem is None)
        assert file.due_at == self._due(referral, case)
        if desk.party == referral.owner and not is_final(referral):
            assert (life.opened_at is None) is (referral.opened_at is None)
        elif desk.party == referral.sender and referral.opened_at is not None:
            assert file.seen_at is not None

    def _due(self, referral: Referral, case: str) -> datetime | None:
        """As the hub itself would reckon."""
        running = deadlines.load(self.hub.state, Place(route_referral.NAME, case))
        agreed = deadlines.agreed_by(referral.owner, self.hub.parties)
        dues = [
            clocks.due_at(clock, Deadline.OVERDUE, agreed)
            for clock in running
            if clock.hold_since is None
        ]
        return min(dues, default=None)

    @invariant()
    def what_is_shown_can_be_acted_on(self) -> None:
        """A case of ours that is not over shows a step, or a refusal that is to be noted."""
        for desk in self.desks.values():
            for case, (file, _) in desk.files.items():
                if file.is_ours and not file.is_over:
                    assert desk.steps(case) or file.problem, case


TestDesks = Desks.TestCase
TestDesks.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
