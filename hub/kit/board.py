"""All cases of a run side by side: each event goes to the case that waits for it. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from hub.kit.case import YOU, Case, Role
from hub.kit.course import Course
from hub.kit.noted import Noted, Where
from hub.kit.roles import Roles
from schemas.data import Data
from schemas.envelope import Event


@dataclass(slots=True)
class Board:
    """The courses of the cases, and what they are judged by."""

    courses: tuple[Course, ...]
    roles: Roles
    noted: Noted = field(default_factory=Noted)
    strangers: list[str] = field(default_factory=list)
    """The types of what you handed in that no case was waiting for."""
    _placed: set[Where] = field(default_factory=set)

    @classmethod
    def of(cls, cases: Sequence[Case], roles: Roles, *, patient: bool) -> "Board":
        """Every case at its beginning; `patient`: what goes wrong may be tried again."""
        return cls(tuple(Course(case, roles, patient) for case in cases), roles)

    @property
    def is_over(self) -> bool:
        """Whether nothing is to be done any more."""
        return not any(course.is_open for course in self.courses)

    def advance(self) -> list[Course]:
        """Go as far as what was noted allows; the courses that moved on."""
        moved: dict[int, Course] = {}
        while True:
            self._place_events()
            now = [course for course in self.courses if course.go_on(self.noted)]
            if not now:
                return [*moved.values()]
            moved |= {id(course): course for course in now}

    def waiting_for(self, roles: Sequence[Role]) -> Iterator[Course]:
        """The courses in which one of these has to do something."""
        for course in self.courses:
            if course.is_open and course.pending is None and course.step.by in roles:
                yield course

    def _place_events(self) -> None:
        for where, event in self.noted.inputs.items():
            if where not in self._placed and self._place(where, event):
                self._placed.add(where)

    def _place(self, where: Where, event: Event[Data]) -> bool:
        """Whether the event has found its place, or has none; False: it may find one later."""
        subject, role = event.context.subject, self.roles.of(event.context.party)
        owner = next((course for course in self.courses if course.subject == subject), None)
        if owner is not None and not owner.takes(role, event, self.noted):
            return self._is_out_of_place(owner, role, event)
        course = owner or next((one for one in self._beginning(role, event)), None)
        if course is not None:
            course.take(where, subject)
        elif role == YOU:
            self.strangers.append(event.data.TYPE)
        return True

    def _beginning(self, role: Role | None, event: Event[Data]) -> Iterator[Course]:
        for course in self.courses:
            if course.subject is None and course.takes(role, event, self.noted):
                yield course

    def _is_out_of_place(self, owner: Course, role: Role | None, event: Event[Data]) -> bool:
        """Whether its case waits for something else, or for nothing more."""
        if owner.is_open and not owner.waits_for(role):
            return False
        if role == YOU:
            self.strangers.append(event.data.TYPE)
            if owner.is_open:
                owner.remarks = [f"{event.data.TYPE} came on this case, which is not this step."]
        return True
