"""What was found of one part of the hub, and what all of it means for the shell."""

from collections.abc import Callable, Iterable
from enum import StrEnum
from typing import NamedTuple

from connectors.errors import DoorError
from hub.errors import ExitCode, HubError


class Health(StrEnum):
    """How a part is."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


class Check(NamedTuple):
    """What was found of one part, and what to do about it."""

    part: str
    health: Health
    found: str
    remedy: str = ""


def exit_code(checks: Iterable[Check]) -> ExitCode:
    """0 all is well, 1 something failed, 3 something is not as it should be."""
    found = {check.health for check in checks}
    if Health.FAIL in found:
        return ExitCode.FAILED
    return ExitCode.DRIFT if Health.WARN in found else ExitCode.OK


def guarded(part: str, check: Callable[[], Check]) -> Check:
    """The check, or what kept it from finding anything out."""
    try:
        return check()
    except HubError as error:
        return Check(part, Health.FAIL, str(error), error.remedy)
    except DoorError as error:
        return Check(part, Health.FAIL, str(error), "See the log of the connector.")
