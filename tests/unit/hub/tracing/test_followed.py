"""A lane's decisions as spans: what follows names the lane's span, and only what is committed."""

from hub.domain.decision import Decision, Kept, Limits, Outgoing
from hub.processors import ALL
from hub.streaming.followed import Followed
from hub.streaming.rules import Rules
from schemas.codec import Record, encode
from schemas.data import Data
from schemas.envelope import Event
from schemas.topics import LANE_OFFERS, REFERRALS
from tests.support.answers import WITH_NEIGHBOURS
from tests.support.builders import KFB, a_referral, an_offer, received
from tests.support.tracer import PARENT, SILENT, TRACE_ID, MemoryTracer

RULES = Rules(ALL, WITH_NEIGHBOURS, Limits(), prefix="")
TRACE = "ce_traceparent"


def _parents(outputs: list[Outgoing]) -> dict[str, str | None]:
    """What each output names as its parent, by topic."""
    found = {}
    for output in outputs:
        trace = dict(output.record.headers).get(TRACE)
        found[output.topic] = None if trace is None else trace.decode()
    return found


def _decided(event: Event[Data] | Record, tracer: MemoryTracer) -> tuple[Decision, Followed]:
    lane = Followed(RULES.decide, tracer, "kurze-wege")
    return lane.decide(received(event, 17, topic=REFERRALS), Kept()), lane


def test_what_follows_names_the_lane() -> None:
    """Delivery, receipt and ledger line are children of the lane's span, in the event's trace."""
    tracer = MemoryTracer()
    decision, _ = _decided(a_referral(id="e-1", traceparent=PARENT), tracer)
    (span,) = tracer.spans

    assert span.parent == PARENT
    assert span.traceparent.startswith(f"00-{TRACE_ID}-")
    assert set(_parents(decision.outputs)) == {"to.kfb", "to.06432005", "ledger"}
    assert set(_parents(decision.outputs).values()) == {span.traceparent}


def test_what_a_span_says() -> None:
    """It says which record, by which rule, to whom; no case, no key, nothing of the content."""
    tracer = MemoryTracer()
    event = a_referral(id="e-1", on="case-secret", traceparent=PARENT)
    _decided(event, tracer)
    (span,) = tracer.spans

    assert span.name == "process referrals"
    assert span.attributes == {
        "messaging.system": "kafka",
        "messaging.operation.name": "process",
        "messaging.operation.type": "process",
        "messaging.destination.name": "referrals",
        "messaging.destination.partition.id": "2",
        "messaging.kafka.offset": 17,
        "messaging.consumer.group.name": "kurze-wege",
        "cloudevents.event_id": "e-1",
        "cloudevents.event_type": "referral.requested.v1",
        "hub.verdict": "routed",
        "hub.sender": "06432005",
        "hub.recipients": (KFB,),
        "hub.rules": ("referral-by-service-and-residence",),
    }


def test_only_what_is_committed() -> None:
    """A span ends when its transaction has; before, nobody hears of it."""
    tracer = MemoryTracer()
    _, lane = _decided(a_referral(traceparent=PARENT), tracer)
    before = tracer.ended()
    lane.committed()

    assert before == []
    assert tracer.ended() == tracer.spans


def test_a_refused_event() -> None:
    """The refusal is in the trace of the event; the dead letter stays as it came."""
    tracer = MemoryTracer()
    record = encode(a_referral(id="e-1", traceparent=PARENT))
    decision, _ = _decided(record._replace(value=b"{}"), tracer)
    (span,) = tracer.spans
    parents = _parents(decision.outputs)

    assert parents.pop("referrals.dead") == PARENT
    assert set(parents) == {"to.06432005", "ledger"}
    assert set(parents.values()) == {span.traceparent}
    assert span.attributes["hub.verdict"] == "refused"
    assert "field-missing" in str(span.attributes["hub.problems"])


def test_a_trace_that_is_not_told() -> None:
    """An event without a trace, or of a sender that wants it untold, goes as without spans."""
    tracer = MemoryTracer()
    for event in (a_referral(id="e-1"), a_referral(id="e-1", traceparent=SILENT)):
        decision, _ = _decided(event, tracer)
        plain = RULES.decide(received(event, 17, topic=REFERRALS), Kept())
        assert decision == plain

    assert tracer.spans == []


def test_what_a_lane_hears_of_an_offer() -> None:
    """What one lane tells the others of an offer stays in the trace of the offer's event."""
    tracer = MemoryTracer()
    lane = Followed(RULES.decide, tracer, "kurze-wege")
    told = lane.decide(received(an_offer(traceparent=PARENT)), Kept())
    (news,) = [output for output in told.outputs if output.topic == "lanes.offers"]
    at = received(news.record, 3, topic=LANE_OFFERS)
    lane.decide(at, Kept())

    assert [span.name for span in tracer.spans] == [
        "process support-offers",
        "process lanes.offers",
    ]
    assert {span.parent for span in tracer.spans} == {PARENT}
