"""What a demo can be told."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

CONNECTORS: Final = ("file_drop", "http_api", "backoffice", "ledger")
"""What runs in a demo; no other, or it would take from, or tell, somebody who is real."""


@dataclass(frozen=True, slots=True)
class Options:
    """How to run the sample day."""

    name: str = "demo"
    """Begins the names of its folder and of its topics."""
    connectors: tuple[str, ...] = CONNECTORS
    """What runs besides a worker."""
    once: bool = False
    """End when the day is over; else stay up until told to stop."""
    brokers: int = 1
    """How many brokers to start, 1 or 3."""
    encrypted: bool = True
    """Whether what is said of persons is encrypted, with keys of the run's own."""
    foreign: bool = False
    """Use the broker of the settings; its own topics stay as they are."""
    signed: bool = True
    """Whether every event must be signed; what comes of it is checked at the recipients."""
    sample: Path | None = None
    """A folder with another day; without it the one that comes with the hub."""
    deadline_s: float = 60.0
    """How long everything may take to arrive after the last event was handed in."""
    quiet_s: float = 8.0
    """After how many seconds without anything new, nothing more is waited for."""
