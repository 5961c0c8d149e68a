"""What may cross a door besides events.

DoorError
├── Later(retry_after_s): not now; the same call may succeed then
├── Refused(problems): never; the sender must change something
└── Broken: a fault of ours; the process ends and its supervisor starts it again
"""

from collections.abc import Sequence

from schemas.problems import Problem


class DoorError(Exception):
    """The root of everything a connector says besides events."""


class Later(DoorError):
    """Not now: try the same again after `retry_after_s` seconds. Nothing was lost."""

    def __init__(self, retry_after_s: float, why: str) -> None:
        """Keep when to try again and why not now."""
        super().__init__(f"{why}; try again in {retry_after_s:g} s")
        self.retry_after_s = retry_after_s
        self.why = why


class Refused(DoorError):
    """Never: what was handed in is not an event of the contract; its problems say why."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        """Keep the problems, none of which repeats a value of the data."""
        super().__init__(", ".join(f"{p.code}({p.field})" if p.field else p.code for p in problems))
        self.problems = tuple(problems)


class Broken(DoorError):
    """A fault of ours: the process ends, the supervisor starts it again."""
