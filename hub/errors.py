"""What can stop a command, where, and what to do about it.

HubError: exit code 1
├── BrokerUnavailable: Kafka does not answer
├── MissingPart: something optional is not installed
├── Drift: exit code 3; what is on the broker is not what it should be
├── UsageError: exit code 2; the command was called in a way that makes no sense
└── ConfigError: exit code 2; a setting is missing, unknown or wrong
    ├── PartiesError: the registry of parties is not usable
    └── KeysError: the registry of keys is not usable

Everything else that is raised is a bug and is shown as one.
"""

from enum import IntEnum
from typing import ClassVar


class ExitCode(IntEnum):
    """What a command says to the shell."""

    OK = 0
    """Done."""
    FAILED = 1
    """Tried and did not succeed."""
    USAGE = 2
    """Called wrongly, or the settings are not usable."""
    DRIFT = 3
    """It works, but not as declared: drift, or degraded."""


class HubError(Exception):
    """The hub cannot go on."""

    exit_code: ClassVar[ExitCode] = ExitCode.FAILED

    def __init__(self, what: str = "", *, where: str = "", remedy: str = "") -> None:
        """Keep what happened, where (a file and line, a setting, an address), what to do."""
        self.what = what or (type(self).__doc__ or "").partition("\n")[0]
        self.where = where
        self.remedy = remedy
        super().__init__(": ".join(part for part in (where, self.what) if part))


class BrokerUnavailable(HubError):
    """Kafka does not answer."""


class MissingPart(HubError):
    """A part that this command needs is not installed."""


class Drift(HubError):
    """The topics on the broker are not the declared ones."""

    exit_code = ExitCode.DRIFT


class UsageError(HubError):
    """The command was called in a way that makes no sense."""

    exit_code = ExitCode.USAGE


class ConfigError(HubError):
    """A setting is missing, unknown or has a value that is not allowed."""

    exit_code = ExitCode.USAGE


class PartiesError(ConfigError):
    """The registry of parties is not usable."""

    def __init__(self, file: str, line: int, what: str, remedy: str) -> None:
        """Keep the file and the line as well."""
        super().__init__(what, where=f"{file}:{line}", remedy=remedy)
        self.file = file
        self.line = line


class KeysError(ConfigError):
    """The registry of keys is not usable."""

    def __init__(self, file: str, line: int, what: str, remedy: str) -> None:
        """Keep the file and the line as well."""
        super().__init__(what, where=f"{file}:{line}", remedy=remedy)
        self.file = file
        self.line = line
