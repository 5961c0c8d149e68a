"""Doors and sinks as spans: an event taken, a delivery written."""

from collections.abc import Mapping, Sequence

import pytest

from connectors.base import Delivered
from connectors.errors import Later
from hub.doors.traced import TracedPublish, TracedSink
from schemas.codec import Record, encode
from schemas.data import Data
from schemas.envelope import Event
from schemas.topics import MAX_EVENT_BYTES
from tests.support.builders import a_referral
from tests.support.deliveries import delivered, referral
from tests.support.http_door import Remembered
from tests.support.tracer import PARENT, SILENT, TRACE_ID, MemoryTracer


class Shelf:
    """A sink that keeps deliveries in memory; it can be away."""

    def __init__(self, *, away: bool = False) -> None:
        """Nothing is kept yet."""
        self.kept: list[Delivered] = []
        self.away = away
        self.closed = False

    def positions(self, topics: Sequence[str]) -> Mapping[tuple[str, int], int]:
        """Where to go on."""
        return {(topic, 0): len(self.kept) for topic in topics}

    def write(self, deliveries: Sequence[Delivered]) -> None:
        """Keep them; raises Later."""
        if self.away:
            raise Later(1.0, "away")
        self.kept += deliveries

    def close(self) -> None:
        """Let go."""
        self.closed = True


def test_an_event_without_a_trace() -> None:
    """The door begins its trace: what lies on Kafka names the door's span."""
    tracer, taken = MemoryTracer(), Remembered()
    TracedPublish(taken, tracer, "prod.")([a_referral(id="e-1", on="case-secret")])
    (span,), ((event,),) = tracer.ended(), taken.calls

    assert (span.name, span.parent) == ("send prod.referrals", None)
    assert event.context.traceparent == span.traceparent
    assert span.attributes == {
        "messaging.system": "kafka",
        "messaging.operation.name": "send",
        "messaging.operation.type": "send",
        "messaging.destination.name": "prod.referrals",
        "cloudevents.event_id": "e-1",
        "cloudevents.event_type": "referral.requested.v1",
        "hub.sender": "06432005",
    }


@pytest.mark.parametrize("own", [PARENT, SILENT])
def test_an_event_with_a_trace_of_its_own(own: str) -> None:
    """It stays in its trace, told or not, below the door's span."""
    tracer, taken = MemoryTracer(), Remembered()
    TracedPublish(taken, tracer, "")([a_referral(traceparent=own)])
    (span,), ((event,),) = tracer.spans, taken.calls

    assert span.parent == own
    assert event.context.traceparent == span.traceparent
    assert span.traceparent.startswith(f"00-{TRACE_ID}-")
    assert span.traceparent[-2:] == own[-2:]


def test_a_trace_makes_no_event_too_large() -> None:
    """An event without room for a trace goes without one."""
    tracer, taken = MemoryTracer(), Remembered()
    event = a_referral()
    room = MAX_EVENT_BYTES - encode(event).size()
    offers = [a_referral(client={"client_id": "x" * 9}), event]
    padded = event.data.model_copy(update={"note": "x" * (room - 30)})
    large = type(event)(event.context, padded)
    TracedPublish(taken, tracer, "")([*offers, large])

    assert encode(large).size() <= MAX_EVENT_BYTES
    assert [one.context.traceparent is None for one in taken.calls[0]] == [False, False, True]
    assert taken.calls[0][2] is large


def test_what_kafka_did_not_take() -> None:
    """Nobody hears of an event that Kafka may not have."""
    tracer = MemoryTracer()

    def away(events: Sequence[Event[Data]]) -> None:
        raise Later(1.0, f"{len(events)} wait")

    with pytest.raises(Later):
        TracedPublish(away, tracer, "")([a_referral()])

    assert tracer.ended() == []


def test_a_delivery_is_written() -> None:
    """A sink's span is below that of the lane, and says what was written where."""
    tracer, shelf = MemoryTracer(), Shelf()
    copy = encode(referral("d-1", "case-secret", rule="named", traceparent=PARENT))
    TracedSink(shelf, tracer, "kurze-wege.backoffice").write([delivered(4, copy)])
    (span,) = tracer.ended()

    assert (span.name, span.parent, len(shelf.kept)) == ("process to.kfb", PARENT, 1)
    assert span.attributes == {
        "messaging.system": "kafka",
        "messaging.operation.name": "process",
        "messaging.operation.type": "process",
        "messaging.destination.name": "to.kfb",
        "messaging.destination.partition.id": "0",
        "messaging.kafka.offset": 4,
        "messaging.consumer.group.name": "kurze-wege.backoffice",
        "cloudevents.event_id": "d-1",
        "cloudevents.event_type": "referral.requested.v1",
        "hub.rules": ("named",),
    }


def test_a_sink_that_is_away() -> None:
    """Nobody hears of a delivery that was not kept; the next try is heard of once."""
    tracer, shelf = MemoryTracer(), Shelf(away=True)
    sink = TracedSink(shelf, tracer, "g")
    one = [delivered(4, encode(referral("d-1", traceparent=PARENT)))]
    with pytest.raises(Later):
        sink.write(one)
    shelf.away = False
    sink.write(one)

    assert len(tracer.ended()) == 1


def test_a_record_that_is_no_delivery() -> None:
    """What does not look as a context attribute must is never told, and no trace is invented."""
    tracer, shelf = MemoryTracer(), Shelf()
    headers = [
        ("ce_traceparent", PARENT.encode()),
        ("ce_id", b"Mia Beispiel, Musterweg 12a"),
        ("ce_type", b"Beispiel"),
        ("rule", b"named"),
        ("ce_time", b"\xff"),
    ]
    other = [("ce_traceparent", b"Beispiel"), ("ce_id", b"")]
    written = [delivered(n, Record(None, b"", said)) for n, said in enumerate((headers, other, []))]
    TracedSink(shelf, tracer, "g").write(written)
    (span,) = tracer.ended()

    assert "Beispiel" not in str(span.attributes)
    assert {name for name in span.attributes if not name.startswith("messaging.")} == set()


def test_a_sink_stays_a_sink() -> None:
    """Positions and the end are the sink's own."""
    shelf = Shelf()
    sink = TracedSink(shelf, MemoryTracer(), "g")
    sink.close()

    assert sink.positions(["to.kfb"]) == {("to.kfb", 0): 0}
    assert shelf.closed
