"""What every page of the board works with."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from starlette.requests import Request

from hub.board.dying import Died
from hub.board.uncovered import Uncovered
from hub.domain.parties import Parties
from hub.letters.desk import Desk
from hub.monitor.expiring import Expiring
from hub.monitor.overview import Overview, overview
from hub.monitor.poller import MISSED, Poller
from hub.monitor.wording import Names
from hub.pages.static import Static


def _nobody(_request: Request) -> Mapping[str, object]:
    """What pages know of whoever asks, where nobody signs in."""
    return {"csrf_field": "", "session": None}


@dataclass(frozen=True, slots=True)
class Board:
    """One hub's."""

    poller: Poller
    died: Callable[[], Died | None]
    """What lies dead; None: it was not read yet."""
    expiring: Callable[[], Expiring]
    parties: Parties
    names: Names
    prefix: str
    """Stands before every topic name."""
    poll_s: float
    """How often the monitor looks."""
    is_public: bool
    """Whether it may be asked for under any name, not only that of this machine."""
    now: Callable[[], datetime]
    static: Static
    desk: Desk | None = None
    """The desk of dead letters, where there are accounts; None: the board only shows."""
    around: Callable[[Request], Mapping[str, object]] = _nobody
    """What the accounts give to every template."""
    name_of: Callable[[str], str | None] = lambda _: None
    """The name of the account with this id."""
    uncovered: Uncovered = field(default_factory=Uncovered)

    def overview(self, now: datetime) -> Overview | None:
        """What is known, as values at this moment; None before the first poll."""
        snapshot = self.poller.snapshot
        if snapshot is None:
            return None
        return overview(snapshot, self.parties, self.names.workers, self.prefix, now)

    @property
    def is_old_after(self) -> timedelta:
        """After what time without a sight of the broker what is known is old."""
        return timedelta(seconds=MISSED * self.poll_s)
