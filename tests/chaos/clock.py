"""The wall clock of some processes, turned while they run (libfaketime)."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from math import ceil
from pathlib import Path
from typing import Final

from hub.keeper import Child
from tests.support.parts import missing

PLACES: Final = ("/usr/lib", "/usr/lib64", "/usr/local/lib")
LIBRARY: Final = "faketime/libfaketimeMT.so.1"
_REMEDY: Final = "apt-get install faketime"


class Clock:
    """A clock that is right until it is turned; the monotonic clock stays as it is."""

    def __init__(self, folder: Path) -> None:
        """Keep how far it is turned in this folder; `missing` where libfaketime is not there."""
        roots = [Path(place) for place in PLACES]
        found = [path for root in roots for path in (root.glob(LIBRARY), root.glob(f"*/{LIBRARY}"))]
        libraries = [path for paths in found for path in paths]
        if not libraries:
            missing("libfaketime", _REMEDY)
        self._library = libraries[0]
        self._file = folder / "clock"
        self.turn(0)

    def turn(self, seconds: int) -> None:
        """Let it go wrong by so many seconds from now on; 0 puts it right."""
        new = self._file.with_suffix(".new")
        new.write_text(f"{seconds:+d}", "ascii")
        new.replace(self._file)  # at once: a process may read it at this very moment

    def turn_to(self, moment: datetime) -> None:
        """Let it be this moment now, or up to a second later, and go on from there."""
        self.turn(ceil((moment - datetime.now(UTC)) / timedelta(seconds=1)))

    @property
    def env(self) -> Mapping[str, str]:
        """The environment of a process that lives by this clock."""
        return {
            "LD_PRELOAD": str(self._library),
            "FAKETIME_TIMESTAMP_FILE": str(self._file),
            "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            "FAKETIME_FORCE_MONOTONIC_FIX": "0",  # else a Java never waits: each wait ends at once
            "NO_FAKE_STAT": "1",  # else Java finds its start archive out of date
        }

    def dress(self, child: Child) -> Child:
        """The child, living by this clock."""
        return replace(child, env={**child.env, **self.env})
