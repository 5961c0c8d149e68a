"""What is asked of the audit; `hub.stores.audit` answers."""

from collections.abc import Sequence
from typing import Final, NamedTuple, Protocol

from connectors.errors import Later
from hub.audit.act import Act
from hub.audit.chain import Head, Row

CODE: Final = "audit-unavailable"


class NotAudited(Later):
    """What is done cannot be written down now, so it is not done."""

    def __init__(self, retry_after_s: float, why: str) -> None:
        """Keep when to try again and why not now; the code stands in front."""
        super().__init__(retry_after_s, f"{CODE}: the audit does not answer ({why})")


class Wanted(NamedTuple):
    """Which rows are asked for; an empty text means any."""

    who: str = ""
    did: str = ""
    about: str = ""
    party: str = ""
    since: str = ""
    """From this moment on, as rows have it."""
    until: str = ""
    """Before this moment."""


class Audit(Protocol):
    """The audit. Only ever added to."""

    def record(self, *acts: Act) -> None:
        """Write acts down, all or none; raises NotAudited, and then they may not be done.

        Raises ValueError for an act that is unfit.
        """

    def latest(self, wanted: Wanted, most: int, before: int | None = None) -> Sequence[Row]:
        """So many of the rows asked for, the newest first; `before`: older than this number."""

    def head(self) -> Head:
        """The newest row; BEGINNING where there is none."""
