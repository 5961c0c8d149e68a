"""The connector kit without a broker: its cases said to the hub's rules in one process."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Final

from pydantic_core import to_json

from hub.kit.board import Board
from hub.kit.case import YOU, Case
from hub.kit.cases import load
from hub.kit.course import Course
from hub.kit.noted import Noted, Where
from hub.kit.roles import Roles, cast
from hub.kit.stimulus import written
from hub.place_file import load_places
from schemas.codec import CONTENT_TYPE, STRUCTURED, Record, decode
from schemas.data import Data
from schemas.envelope import Event
from schemas.errors import Unreadable
from tests.support.answers import DISTRICT, Answer, Hub

NOW: Final = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
ROLES: Final[Roles] = cast(DISTRICT, load_places(), None)
CASES: Final[dict[str, Case]] = {case.id: case for case in load(ROLES, NOW)}
Meddle = Callable[[Noted], None]
"""Changes what was noted of an answer, as a hub with a fault would."""


def read(said: dict[str, Any]) -> Event[Data]:
    """The event in this JSON object; raises Unreadable."""
    return decode(Record(None, to_json(said), [(CONTENT_TYPE, STRUCTURED)]))


class Table:
    """A board, a hub in memory, and whoever takes the steps of every party."""

    def __init__(
        self,
        *ids: str,
        patient: bool = False,
        meddle: Meddle | None = None,
        roles: Roles = ROLES,
    ) -> None:
        """These cases, or all."""
        self.board = Board.of(load(roles, NOW, ids), roles, patient=patient)
        self.hub = Hub()
        self._meddle = meddle
        self._last: dict[str, dict[str, Any]] = {}
        self._names = 0

    @property
    def noted(self) -> Noted:
        """What was seen."""
        return self.board.noted

    def course(self, case: str) -> Course:
        """The course of a case."""
        return next(one for one in self.board.courses if one.case.id == case)

    def play(self) -> None:
        """Take every step of everybody, until nothing is left to do."""
        while self.step():
            pass

    def step(self) -> bool:
        """Take the steps that are due now; False: there are none."""
        due = list(self.board.waiting_for(["you", "jobcenter", "neighbour"]))
        for course in due:
            self._take(course)
        self.board.advance()
        return bool(due)

    def says(self, said: dict[str, Any]) -> Answer | None:
        """An event comes in; None: the door refuses it."""
        try:
            event = read(said)
        except Unreadable as refused:
            self.noted.refused_at_door += [str(one.code) for one in refused.problems]
            return None
        answer = self.hub.takes(event, at=NOW)
        lying = answer.received
        self.noted.inputs[Where(lying.topic, lying.partition, lying.offset)] = event
        self.noted.line(answer.ledger)
        for party, reached in answer.events:
            self.noted.said[party, reached.context.id] = reached
        if self._meddle is not None:
            self._meddle(self.noted)
        return answer

    def said_in(self, course: Course, **changes: object) -> dict[str, Any]:
        """The event of the step a course is at, with other attributes."""
        step = course.step
        if step.again:
            return self._last[course.case.id]
        assert step.event is not None
        self._names += 1
        party, subject = course.roles.id(step.by), course.subject or f"kit-{course.case.id}"
        said = written(step.event, party, f"e-{self._names}", subject, NOW) | changes
        self._last[course.case.id] = said
        return said

    def _take(self, course: Course) -> None:
        kind = course.step.collects
        if kind is None:
            self.says(self.said_in(course))
            return
        assert course.subject is not None
        self.noted.collected |= set(self.noted.copies(course.subject, course.roles.id(YOU), kind))
