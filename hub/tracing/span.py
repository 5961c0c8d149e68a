"""What a span is to who makes one. Pure: what stands behind it is in `collector`."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Final, Protocol

Attributes = Mapping[str, str | int | Sequence[str]]
SAMPLED: Final = 1
"""The bit of a `traceparent`'s flags that says that its trace is told (W3C Trace Context §3.2)."""
_FLAGS_AT: Final = -2


class Kind(StrEnum):
    """What a span does with a message (OpenTelemetry, messaging spans)."""

    SENDS = "producer"
    PROCESSES = "consumer"


class Span(Protocol):
    """Something the hub does with one event, from its beginning to its end."""

    @property
    def traceparent(self) -> str | None:
        """What names it as the parent of all that follows (W3C Trace Context); None: nothing."""

    @property
    def is_told(self) -> bool:
        """Whether a collector will hear of it."""

    def end(self) -> None:
        """It is done now. Without this call nobody hears of it."""


class Tracer(Protocol):
    """Makes spans; none of its calls waits for anything or raises."""

    def begin(
        self,
        name: str,
        kind: Kind,
        parent: str | None,
        attributes: Attributes,
        begun_ns: int | None = None,
    ) -> Span:
        """A span below `parent`, or the first of a trace of its own.

        `begun_ns`: since when, nanoseconds since 1970; None: since now.
        """


def is_told(traceparent: str | None) -> bool:
    """Whether what follows from this parent is told; it must be a valid `traceparent`."""
    return traceparent is not None and bool(int(traceparent[_FLAGS_AT:], 16) & SAMPLED)
