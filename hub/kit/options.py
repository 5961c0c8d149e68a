"""What a run of the kit can be told."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

JSON_FILE: Final = "kit-report.json"
MARKDOWN_FILE: Final = "kit-report.md"


@dataclass(frozen=True, slots=True)
class Options:
    """How to run the cases."""

    party: str | None = None
    """The municipality whose part is yours; None: Eppertshausen."""
    wait: bool = False
    """Wait for your own connector to play it; else the kit plays it as well."""
    cases: tuple[str, ...] = ()
    """The ids of the cases to run; none named: all."""
    folder: Path = Path()
    """Where the report is written."""
    foreign: bool = False
    """Use the broker of the settings; its own topics stay as they are."""
    quiet_s: float = 60.0
    """After how many seconds without any step a run that waits for nobody ends."""
