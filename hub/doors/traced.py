"""The spans of doors and sinks: an event taken, a delivery written."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from hub.tracing.attributes import sent, written
from hub.tracing.span import Kind, Span, Tracer, is_told
from schemas.codec import HEADER_PREFIX, Record, encode
from schemas.topics import MAX_EVENT_BYTES, TOPIC_OF

if TYPE_CHECKING:
    from connectors.base import Delivered, Publish, Sink
    from schemas.data import Data
    from schemas.envelope import Event

_SAID: Final = {
    "id": re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,99}"),
    "type": re.compile(r"[a-z.-]{1,60}\.v[0-9]{1,3}"),
    "rule": re.compile(r"[a-z0-9-]{1,60}"),
    "traceparent": re.compile(r"00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}"),
}
"""The context attributes that a span may say, and how each of them looks."""


class TracedPublish:
    """Puts events on their topics, each in its own trace; one without a trace begins one here."""

    def __init__(self, publish: "Publish", tracer: Tracer, prefix: str) -> None:
        """Publish by this, with topics of this prefix."""
        self._publish = publish
        self._tracer = tracer
        self._prefix = prefix

    def __call__(self, events: "Sequence[Event[Data]]") -> None:
        """As without spans; nobody hears of an event that Kafka may not have."""
        begun = [self._begin(event) for event in events]
        self._publish([event for event, _ in begun])
        for _, span in begun:
            span.end()

    def _begin(self, event: "Event[Data]") -> "tuple[Event[Data], Span]":
        context, topic = event.context, self._prefix + TOPIC_OF[event.data.TYPE].name
        said = sent(topic, context.id, context.type, context.party)
        span = self._tracer.begin(f"send {topic}", Kind.SENDS, context.traceparent, said)
        named = replace(event, context=context.model_copy(update={"traceparent": span.traceparent}))
        fits = context.traceparent is not None or encode(named).size() <= MAX_EVENT_BYTES
        return named if fits and span.traceparent else event, span


class TracedSink:
    """A sink whose every delivery in a trace has a span, from its first try that succeeds."""

    def __init__(self, sink: "Sink", tracer: Tracer, group: str) -> None:
        """Write by this sink, which reads in the name of this group."""
        self._sink = sink
        self._tracer = tracer
        self._group = group

    def positions(self, topics: Sequence[str]) -> Mapping[tuple[str, int], int]:
        """As the sink says."""
        return self._sink.positions(topics)

    def write(self, deliveries: "Sequence[Delivered]") -> None:
        """As the sink does; nobody hears of what it did not keep."""
        begun = [span for one in deliveries if (span := self._begin(one)) is not None]
        self._sink.write(deliveries)
        for span in begun:
            span.end()

    def close(self) -> None:
        """As the sink does."""
        self._sink.close()

    def _begin(self, one: "Delivered") -> Span | None:
        said = _said(one.record)
        trace = said.get("traceparent")
        if not is_told(trace):
            return None
        told = written(one.topic, one.partition, one.offset, self._group, said)
        return self._tracer.begin(f"process {one.topic}", Kind.PROCESSES, trace, told)


def _said(record: Record) -> dict[str, str]:
    """Those of the attributes that look as they must; nothing else is told."""
    said: dict[str, str] = {}
    for header, value in record.headers:
        name = header.removeprefix(HEADER_PREFIX)
        text = value.decode("ascii", "replace")
        if name in _SAID and header != name and _SAID[name].fullmatch(text):
            said[name] = text
    return said
