"""A file read at the start and again when it has changed: keys are issued while all goes on."""

import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final, Generic, TypeVar

import structlog

from hub.errors import HubError

T = TypeVar("T")
LOOK_EVERY_S: Final = 1.0
"""How often it is looked whether something has changed."""
log = structlog.get_logger()
Marks = tuple[tuple[int, int, int], ...]


class Watched(Generic[T]):
    """What some files say, as they are now."""

    def __init__(
        self,
        paths: Callable[[], Iterable[Path]],
        load: Callable[[], T],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Read them; raises what `load` raises."""
        self._paths = paths
        self._load = load
        self._clock = clock
        self._looked_at = clock()
        self._marks = self._seen()
        self._said = load()

    def __call__(self) -> T:
        """What they say; what cannot be used is logged, and what they said before goes on."""
        return self.now() if self._clock() - self._looked_at >= LOOK_EVERY_S else self._said

    def now(self) -> T:
        """The same, looked at in this moment."""
        self._looked_at = self._clock()
        marks = self._seen()
        if marks != self._marks:
            self._marks = marks
            self._read()
        return self._said

    def _read(self) -> None:
        try:
            self._said = self._load()
        except HubError as error:
            why = error.what
            log.error("keys_not_reread", where=error.where, why=why)  # noqa: TRY400 - no fault of ours
        else:
            log.info("keys_reread")

    def _seen(self) -> Marks:
        """What tells a changed file from the same one; one that is gone has no mark."""
        found = []
        for path in self._paths():
            try:
                stat = path.stat()
            except OSError:
                continue
            found.append((stat.st_ino, stat.st_mtime_ns, stat.st_size))
        return tuple(found)
