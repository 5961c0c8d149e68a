"""One case on its way: which step it is at, what was found, what is missing. Pure."""

from dataclasses import dataclass, field
from enum import StrEnum

from hub.kit import judging
from hub.kit.case import YOU, At, Case, Knowledge, Role, Step
from hub.kit.noted import Noted, Where
from hub.kit.roles import Roles
from schemas.data import Data
from schemas.envelope import Event


class Result(StrEnum):
    """How a case went."""

    OPEN = "open"
    """Not all of it has been done."""
    PASSED = "passed"
    FAILED = "failed"


@dataclass(slots=True)
class Course:
    """A case, from its first step to its last."""

    case: Case
    roles: Roles
    patient: bool
    """Whether a step that went wrong may be tried again, as a developer does."""
    result: Result = Result.OPEN
    subject: str | None = None
    """The case id, once its first event has come."""
    found: dict[At, Knowledge] = field(default_factory=dict)
    """What each party knew at each point."""
    remarks: list[str] = field(default_factory=list)
    """What went wrong, in plain words; of a step tried again what went wrong last."""
    at: int = 0
    pending: Where | None = None
    """The event of this step, once it has come and as long as it is not judged."""
    last: Where | None = None
    """The event of the step before."""

    @property
    def step(self) -> Step:
        """The step it is at, or the last."""
        return self.case.step[min(self.at, len(self.case.step) - 1)]

    @property
    def is_open(self) -> bool:
        """Whether something is still to be done."""
        return self.result is Result.OPEN

    def waits_for(self, role: Role | None) -> bool:
        """Whether this party is to say something now."""
        collects = self.step.collects is not None or self.step.refused_at_door is not None
        return self.is_open and self.pending is None and self.step.by == role and not collects

    def takes(self, role: Role | None, event: Event[Data], noted: Noted) -> bool:
        """Whether this is the event it waits for."""
        if not self.waits_for(role):
            return False
        if not self.step.again:
            return judging.is_meant(self.step, event)
        first = noted.inputs[self.last] if self.last else event
        return (first.context.source, first.context.id) == (event.context.source, event.context.id)

    def take(self, where: Where, subject: str) -> None:
        """It is the event of this step."""
        self.pending, self.subject = where, subject

    def go_on(self, noted: Noted) -> bool:
        """Whether the step is over now, well or not; then it is at the next, or at its end."""
        if not self.is_open:
            return False
        if self.step.refused_at_door is not None:
            return self._is_refused(noted) and self._done()
        if self.step.collects is not None:
            return self._is_collected(noted) and self._done()
        said = noted.led_to(self.pending) if self.pending else None
        if self.pending is None or said is None:
            return False
        wrong = judging.differences(self.step, said, self.roles)
        wrong += self._states(noted, self.pending)
        if wrong:
            return self.fail(wrong)
        self.last, self.pending = self.pending, None
        return self._done()

    def fail(self, wrong: list[str]) -> bool:
        """The step went wrong; it may be tried again if it is yours and there is patience."""
        self.remarks = wrong
        self.pending = None
        if self.at == 0:
            self.subject = None
        if not (self.patient and self.step.by == YOU):
            self.result = Result.FAILED
        return True

    def _done(self) -> bool:
        self.at += 1
        self.remarks = []
        if self.at == len(self.case.step):
            self.result = Result.PASSED
        return True

    def _is_refused(self, noted: Noted) -> bool:
        return self.step.refused_at_door in noted.refused_at_door

    def _is_collected(self, noted: Noted) -> bool:
        kind, subject = self.step.collects, self.subject
        if kind is None or subject is None:
            return False
        there = noted.copies(subject, self.roles.id(YOU), kind)
        return any(one in noted.collected for one in there)

    def _states(self, noted: Noted, where: Where) -> list[str]:
        """Where somebody does not know what it should, before the first step or after this one."""
        wrong: list[str] = []
        if self.at == 0 and "alpha" in self.case.states:
            self.found["alpha"] = self._knowledge(noted, where, "alpha")
            if judging.unlike(self.case.states["alpha"], self.found["alpha"], self.roles):
                wrong.append("The subject was used before: take one of its own for each case.")
        if self.step.leads_to is not None:
            at = self.step.leads_to
            self.found[at] = self._knowledge(noted, where, at)
            wrong += judging.unlike(self.case.states[at], self.found[at], self.roles)
        return wrong

    def _knowledge(self, noted: Noted, where: Where, at: At) -> Knowledge:
        before = at == "alpha"
        subject = self.subject or ""
        return {
            role: noted.knows(subject, self.roles.id(role), where, before=before)
            for role in self.case.states[at]
        }
