"""How long something waited, without the time in which nobody could have done anything."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass
class Outages:
    """When something was away that an event cannot go on without; monotonic seconds."""

    spans: list[tuple[float, float]] = field(default_factory=list)

    @contextmanager
    def span(self) -> Iterator[None]:
        """It is away inside."""
        begin = time.monotonic()
        try:
            yield
        finally:
            self.spans.append((begin, time.monotonic()))

    def waited(self, since: float, until: float) -> float:
        """The seconds between the two in which nothing was away."""
        away = (min(until, end) - max(since, begin) for begin, end in self.spans)
        return until - since - sum(max(0.0, seconds) for seconds in away)
