"""The answer to an event that may not or cannot go anywhere.

Refusal(problems): the sender hears why; the record goes, bytes untouched, to the dead letters
"""

from schemas.problems import Problem, ProblemCode, problem


class Refusal(Exception):
    """The event is refused; its problems say why and what to do."""

    def __init__(self, *problems: Problem) -> None:
        """Keep the problems."""
        super().__init__(", ".join(p.code for p in problems))
        self.problems = problems


def refusal(code: ProblemCode, detail: str = "", field: str | None = None) -> Refusal:
    """A refusal for one problem."""
    return Refusal(problem(code, detail, field))
