"""The spans of what a lane decides: each in the trace of its event, told once it is committed."""

import time
from typing import Final

from hub.domain.decision import Decide, Decision, Outgoing, Received, Searchable
from hub.tracing.attributes import decided
from hub.tracing.span import Kind, Span, Tracer, is_told
from schemas.codec import HEADER_PREFIX
from schemas.topics import DEAD_SUFFIX

HEADER: Final = f"{HEADER_PREFIX}traceparent"


class Followed:
    """The decisions of one lane.

    What is written because of an event names the lane's span as its parent. A dead letter stays
    as it came. An event without a trace, or one that its sender does not want told, costs nothing.
    """

    def __init__(self, decide: Decide, tracer: Tracer, group: str) -> None:
        """Follow what `decide` decides in the name of this group."""
        self._decide = decide
        self._tracer = tracer
        self._group = group
        self._begun: list[Span] = []

    def decide(self, received: Received, state: Searchable) -> Decision:
        """The decision, as it is without a span but for the parent of what follows."""
        begun_ns = time.time_ns()
        decision = self._decide(received, state)
        trace = decision.note.get("traceparent")
        if isinstance(trace, str) and is_told(trace):
            self._follow(received, decision, trace, begun_ns)
        return decision

    def committed(self) -> None:
        """End the spans of what has been decided since the last time."""
        for span in self._begun:
            span.end()
        self._begun.clear()

    def _follow(self, received: Received, decision: Decision, trace: str, begun_ns: int) -> None:
        topic, partition, offset = received.topic, received.partition, received.offset
        note = {**decision.note, "verdict": decision.verdict}
        said = decided(topic, partition, offset, self._group, note)
        span = self._tracer.begin(f"process {topic}", Kind.PROCESSES, trace, said, begun_ns)
        if span.traceparent is not None:
            parents = {trace.encode(): span.traceparent.encode()}
            decision.outputs = [_below(output, parents) for output in decision.outputs]
        self._begun.append(span)


def _below(output: Outgoing, parents: dict[bytes, bytes]) -> Outgoing:
    """The same record, its parent exchanged; a dead letter is not touched."""
    if output.topic.endswith(DEAD_SUFFIX):
        return output
    headers = [
        (name, parents.get(value, value)) if name == HEADER else (name, value)
        for name, value in output.record.headers
    ]
    return output._replace(record=output.record._replace(headers=headers))
