"""What a person sees of a run on stderr: what to do, and each case ticked off."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from rich.console import Console

from hub.demo.parts import Parts
from hub.kit.board import Board
from hub.kit.case import YOU
from hub.kit.course import Course, Result
from hub.kit.report import missing

_SIGN = {Result.PASSED: "✓", Result.FAILED: "✗"}


@dataclass(slots=True)
class Screen:
    """Lines for whoever watches."""

    _console: Console = field(
        default_factory=lambda: Console(stderr=True, highlight=False, markup=False)
    )
    _over: int = 0
    """How many cases are over."""

    def tell(self, text: str) -> None:
        """Say what is going on."""
        self._console.print(text, soft_wrap=True)

    def where(self, parts: Parts, board: Board) -> None:
        """Say where the developer's connector finds everything, and what to begin with."""
        you = board.roles.id(YOU)
        self.tell("")
        self.tell(f"The hub runs; your connector is {board.roles.parties[YOU].name} ({you}).")
        self.tell(f"  Send by HTTP    http://127.0.0.1:{parts.port}/events")
        self.tell(f"  or by files     {parts.parties / you}/in")
        self.tell(f"  Collect         http://127.0.0.1:{parts.mailbox_port}/mailbox/{you}")
        self.tell(f"  Token           {parts.tokens[you]}")
        self.tell(f"  Logs            {parts.logs}")
        self.tell("Do these in any order; Ctrl-C ends the run and writes the report.")
        for course in board.waiting_for([YOU]):
            self._to_do(course)

    def moved(self, courses: Iterable[Course], board: Board, *, waits: bool) -> None:
        """Say what has become of these cases."""
        for course in courses:
            if not course.is_open:
                self._over += 1
                over = f"{_SIGN[course.result]} {course.case.id}: {course.case.title}"
                self.tell(f"[{self._over}/{len(board.courses)}] {over}")
            if course.result is Result.FAILED:
                for what in missing(course):
                    self.tell(f"      {what}")
            elif waits and course.is_open and course.step.by == YOU:
                self._to_do(course)

    def refused(self, codes: Iterable[str]) -> None:
        """Say for which codes a door has refused what the developer's connector handed in."""
        for code in codes:
            self.tell(f"  A door refused something of yours: {code}")

    def _to_do(self, course: Course) -> None:
        self.tell(f"  {course.case.id}: {course.step.says}")
        for remark in course.remarks:
            self.tell(f"      Tried before: {remark}")
