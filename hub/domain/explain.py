"""Says what the hub would do with an event, and why, by letting the real processor decide."""

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime

from hub.domain.deadlines import load, timers_for
from hub.domain.decision import Decision, Kept, Limits, Processor, Received, State
from hub.domain.explanation import Coming, Explanation, Recipient
from hub.domain.parties import Parties
from hub.domain.routing import SAYS
from hub.domain.timers import Place
from schemas.codec import Record, decode
from schemas.data import Data
from schemas.envelope import Event
from schemas.errors import Unreadable
from schemas.events.receipt_delivered import ReceiptDelivered
from schemas.problems import ProblemCode, problem
from schemas.topics import DELIVERY_PREFIX, TOPIC_OF
from schemas.vocabulary import Verdict

LEFT_OUT_BECAUSE = "The person's address is protected (BMG §51) and this party is not entitled."


def explain(
    structured: bytes,
    now: datetime | None,
    parties: Parties,
    limits: Limits,
    processors: Sequence[Processor],
    before: Sequence[bytes] = (),
) -> Explanation:
    """The hub's answer to this structured CloudEvent (JSON), if it came in at `now`.

    None: if it came in at its own time, so that an event kept as an example is not too late.
    `before`: what was said on the case up to then, each at its own time; else the case is new.
    """
    state = Kept()
    for offset, said in enumerate(before):
        arrived = _arrived(said, None, offset, processors)
        if arrived is not None:
            state.remember(arrived[0].handle(arrived[1], state, parties, limits).state)
    arrived = _arrived(structured, now, len(before), processors)
    if arrived is None:
        refused = problem(ProblemCode.EVENT_TYPE_UNKNOWN, field="type")
        return Explanation(Verdict.REFUSED, (), (refused,))
    processor, received = arrived
    decision = processor.handle(received, state, parties, limits)
    state.remember(decision.state)
    return Explanation(
        decision.verdict,
        tuple(_recipients(decision, parties)),
        tuple(decision.problems),
        tuple(_coming(received, processor, state, parties)),
    )


def _arrived(
    structured: bytes, now: datetime | None, offset: int, processors: Sequence[Processor]
) -> tuple[Processor, Received] | None:
    """The event as it would lie on its topic, and who would take it; None: nobody."""
    record = Record(None, structured, [("content-type", b"application/cloudevents+json")])
    processor = _processor_for(structured, processors)
    if processor is None:
        return None
    arrival_ms = int((now or _own_time(record)).timestamp() * 1000)
    return processor, Received(processor.SOURCE.name, 0, offset, arrival_ms, record)


def _coming(
    received: Received, processor: Processor, state: State, parties: Parties
) -> Iterator[Coming]:
    try:
        subject = decode(received.record).context.subject
    except Unreadable:
        return
    place = Place(processor.NAME, subject)
    found = [
        Coming(clock.of, clock.step, deadline, timer.due)
        for clock in load(state, place)
        if clock.hold_since is None
        for deadline, timer in zip(clock.coming, timers_for(clock, place, parties), strict=True)
    ]
    yield from sorted(found, key=lambda coming: coming.at)


def _own_time(record: Record) -> datetime:
    """The event's time; for what cannot be read any time will do."""
    try:
        return decode(record).context.time
    except Unreadable:
        return datetime.fromtimestamp(0, tz=UTC)


def _processor_for(structured: bytes, processors: Iterable[Processor]) -> Processor | None:
    """By the event's type; anything else that is unreadable is explained by the first."""
    try:
        envelope = json.loads(structured)
        kind = str(envelope["type"]).rpartition(".v")[0]
    except (ValueError, TypeError, KeyError, RecursionError):
        return next(iter(processors), None)
    source = TOPIC_OF.get(kind)
    return next((each for each in processors if source == each.SOURCE), None)


def _recipients(decision: Decision, parties: Parties) -> Iterator[Recipient]:
    said = [
        (output.topic.removeprefix(DELIVERY_PREFIX), decode(output.record))
        for output in decision.outputs
        if output.topic.startswith(DELIVERY_PREFIX)
    ]
    left_out = _left_out(event for _, event in said)
    for party, event in said:
        rule = event.context.rule
        if rule is None:
            continue  # a receipt
        without = left_out.get(event.context.id, ())
        yield Recipient(
            party=party,
            name=parties.by_id[party].name,
            event_type=event.context.type,
            rule=rule,
            because=SAYS[rule],
            left_out=without,
            left_out_because=LEFT_OUT_BECAUSE if without else "",
        )


def _left_out(events: Iterator[Event[Data]]) -> dict[str, tuple[str, ...]]:
    return {
        delivery.delivery_id: delivery.left_out
        for event in events
        if isinstance(event.data, ReceiptDelivered)
        for delivery in event.data.deliveries
    }
