"""A tracer that keeps its spans in memory, with ids that can be read."""

from dataclasses import dataclass, field
from typing import Final

from hub.tracing.span import Attributes, Kind, Span, is_told

TRACE_ID: Final = "4bf92f3577b34da6a3ce929d0e0e4736"
PARENT: Final = f"00-{TRACE_ID}-00f067aa0ba902b7-01"
SILENT: Final = f"00-{TRACE_ID}-00f067aa0ba902b7-00"
"""The same, of a sender that does not want it told."""


@dataclass
class Kept:
    """A span that was begun."""

    name: str
    kind: Kind
    parent: str | None
    attributes: Attributes
    traceparent: str
    is_told: bool
    ended: bool = False

    def end(self) -> None:
        """See Span."""
        self.ended = True


@dataclass
class MemoryTracer:
    """See Tracer; the spans that begin a trace share one trace id."""

    spans: list[Kept] = field(default_factory=list)
    tells: bool = True
    """Whether it tells the traces that begin here."""

    def begin(
        self,
        name: str,
        kind: Kind,
        parent: str | None,
        attributes: Attributes,
        begun_ns: int | None = None,
    ) -> Span:
        """See Tracer."""
        del begun_ns
        told = self.tells if parent is None else is_told(parent)
        trace = TRACE_ID if parent is None else parent[3:35]
        own = f"00-{trace}-{len(self.spans) + 1:016x}-{int(told):02x}"
        self.spans.append(Kept(name, kind, parent, attributes, own, told))
        return self.spans[-1]

    def ended(self) -> list[Kept]:
        """Those that are over."""
        return [span for span in self.spans if span.ended]
