"""A case of the kit: what is to be said, who must get what, and what each party knows when."""

from typing import Annotated, Any, Final, Literal, Self

from pydantic import Field, model_validator

from schemas.model import Frozen
from schemas.problems import ProblemCode

Role = Literal["you", "jobcenter", "neighbour"]
"""Who takes part: the party whose connector is tested, and two that the kit plays."""
YOU: Final[Role] = "you"
At = Literal["alpha", "beta", "gamma"]
"""Before anything is said, on the way, and at the end, as the testers of XMeld call it."""
Knowledge = dict[Role, str]
"""What each party knows of the matter, in the words of `knowing`."""


class Stimulus(Frozen):
    """The event of a step, without what its sender must choose: id, subject, source, time."""

    type: str
    """Its type on the wire."""
    purpose: str
    legalbasis: str | None = None
    """Missing where the case is about what is missing."""
    dataclassification: str
    data: dict[str, Any]


class Expected(Frozen):
    """A message that must reach a party because of a step."""

    to: Role
    type: str
    """Without version."""
    data: dict[str, Any] = Field(default_factory=dict)
    """What its data must have; it may have more."""
    shows: tuple[str, ...] = ()
    """Fields that must be there, whatever they say."""
    leaves_out: tuple[str, ...] = ()
    """Fields that must not be there."""


class Step(Frozen):
    """One thing that one party does: it says something, says it again, or collects."""

    by: Role
    says: Annotated[str, Field(min_length=10)]
    """What is to be done, in words."""
    event: Stimulus | None = None
    """What is said."""
    again: bool = False
    """Whether what was said last is sent once more, as it was."""
    collects: str | None = None
    """The type of the delivery that is collected from the mailbox and acknowledged."""
    key: tuple[str, ...] = ()
    """The fields of the data that a connector must say as the case does; the rest is its own."""
    refused_at_door: ProblemCode | None = None
    """The code with which the door must refuse it."""
    expected: tuple[Expected, ...] = ()
    """Everything that must reach anybody because of it, receipts too; nothing else may."""
    leads_to: At | None = None
    """The state in which the case is then."""

    @model_validator(mode="after")
    def _is_one_thing(self) -> Self:
        if (self.event is not None) + self.again + (self.collects is not None) != 1:
            raise ValueError("a step has an event, is said again, or collects: one of the three")
        if self.collects is not None and self.by != YOU:
            raise ValueError("only you collect")
        return self


class Case(Frozen):
    """One case, with a name that is its file's."""

    id: str
    title: str
    proves: str
    """What a connector can do that passes it."""
    states: dict[At, Knowledge] = Field(default_factory=dict)
    """What each party knows at each point."""
    step: Annotated[tuple[Step, ...], Field(min_length=1)]
    """In order."""

    @model_validator(mode="after")
    def _leads_somewhere(self) -> Self:
        led = [step.leads_to for step in self.step if step.leads_to is not None]
        if led != [at for at in self.states if at != "alpha"]:
            raise ValueError("every state but alpha is led to by one step, in order")
        if self.step[0].again or self.step[0].collects:
            raise ValueError("a case begins with an event")
        return self
