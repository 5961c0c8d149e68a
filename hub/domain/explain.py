"""Says what the hub would do with an event, and why, by letting the real processor decide."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from hub.domain.decision import Decision, Limits, Processor, Received
from hub.domain.parties import Parties
from hub.domain.routing import SAYS
from schemas.codec import Record, decode
from schemas.data import Data
from schemas.envelope import Event
from schemas.errors import Unreadable
from schemas.events.receipt_delivered import ReceiptDelivered
from schemas.problems import Problem, ProblemCode, problem
from schemas.topics import DELIVERY_PREFIX, TOPIC_OF
from schemas.vocabulary import Verdict

LEFT_OUT_BECAUSE = "The person's address is protected (BMG §51) and this party is not entitled."


@dataclass(frozen=True, slots=True)
class Recipient:
    """One party that would be sent something."""

    party: str
    name: str
    event_type: str
    rule: str
    because: str
    left_out: tuple[str, ...]
    left_out_because: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """What would become of one event, the case being new to the hub."""

    verdict: Verdict
    recipients: tuple[Recipient, ...]
    problems: tuple[Problem, ...]


def explain(
    structured: bytes,
    now: datetime | None,
    parties: Parties,
    limits: Limits,
    processors: Iterable[Processor],
) -> Explanation:
    """The hub's answer to this structured CloudEvent (JSON), if it came in at `now`.

    None: if it came in at its own time, so that an event kept as an example is not too late.
    """
    record = Record(None, structured, [("content-type", b"application/cloudevents+json")])
    processor = _processor_for(structured, processors)
    if processor is None:
        refused = problem(ProblemCode.EVENT_TYPE_UNKNOWN, field="type")
        return Explanation(Verdict.REFUSED, (), (refused,))
    arrival_ms = int((now or _own_time(record)).timestamp() * 1000)
    received = Received(processor.SOURCE.name, 0, 0, arrival_ms, record)
    decision = processor.handle(received, {}, parties, limits)
    return Explanation(
        decision.verdict, tuple(_recipients(decision, parties)), tuple(decision.problems)
    )


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
