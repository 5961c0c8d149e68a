"""Why a clerk cannot do what they asked for; each docstring is its message."""

from collections.abc import Sequence

from hub.domain.transitions import Step
from schemas.problems import Problem


class Refused(Exception):
    """This cannot be done."""

    def __str__(self) -> str:
        """The message: the class's docstring."""
        return (self.__doc__ or "").strip()


class CaseNotHere(Refused):
    """There is no such case on this desk."""


class ClaimedByAnother(Refused):
    """Somebody else has claimed this case."""

    def __init__(self, clerk: str) -> None:
        """`clerk`: who has it."""
        super().__init__()
        self.clerk = clerk


class ChangedMeanwhile(Refused):
    """The case has changed since it was shown."""


class StepNotAllowed(Refused):
    """This step cannot be said of the referral as it stands."""

    def __init__(self, allowed: Sequence[Step]) -> None:
        """`allowed`: what may be said now."""
        super().__init__()
        self.allowed = tuple(allowed)


class WouldBeRefused(Refused):
    """The hub would refuse this as it stands."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        """`problems`: what the hub would say is wrong."""
        super().__init__()
        self.problems = tuple(problems)


class AlreadySent(Refused):
    """This form was sent before, with another content."""

    def __init__(self, case: str) -> None:
        """`case`: what it was sent for."""
        super().__init__()
        self.case = case
