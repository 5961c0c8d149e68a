"""Where a benchmark happens: one broker for all, and a fresh stage for each measurement."""

import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Final

from hub.broker.cluster import Cluster
from tests.bench.events import Events
from tests.bench.stage import Stage
from tests.support.district import PARTIES

BROKER: Final = {"log.message.timestamp.type": "LogAppendTime"}
"""Every record carries the broker's own clock, whoever wrote it: all are timed alike."""


@dataclass(frozen=True, slots=True)
class Place:
    """The broker, the folder for logs, and the events."""

    bootstrap: str
    folder: Path
    events: Events
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def stage(
        self, name: str, parties: Sequence[str] = PARTIES, parties_file: Path | None = None
    ) -> Stage:
        """A new one; its prefix has never been used."""
        prefix = f"b{next(self._numbers)}."
        folder = self.folder / f"{prefix}{name}"
        return Stage(self.bootstrap, prefix, folder, parties, parties_file)


@contextmanager
def opened() -> Iterator[Place]:
    """A broker of the bench's own, and nothing left of it afterwards."""
    with tempfile.TemporaryDirectory(prefix="bench-") as scratch:
        folder = Path(scratch)
        with Cluster.start(folder / "kafka", settings=BROKER, progress=tell) as cluster:
            yield Place(cluster.bootstrap, folder, Events(PARTIES, now()))


def now() -> datetime:
    """The time all events of a run carry."""
    return datetime.now(UTC).replace(microsecond=0)


def tell(words: str) -> None:
    """Say on stderr what goes on."""
    sys.stderr.write(f"{words}\n")
    sys.stderr.flush()
