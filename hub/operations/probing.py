"""A round of probes: handed in at the doors, followed until all are over, measured."""

import threading
import time
import uuid
from collections.abc import Callable, Iterable
from contextlib import ExitStack, closing
from datetime import datetime
from typing import Final

from hub import wiring
from hub.lookout.passage import Passage
from hub.monitor.look import Place
from hub.monitor.probed import Round, probed
from hub.monitor.probes import Course, Seen, followed
from hub.operations.knocking.knock import Knock
from hub.operations.probe_plan import KNOCKS, Plan, source_of
from hub.settings import Settings
from hub.streaming.reading import Found, Reader
from schemas.codec import decode
from schemas.data import Data
from schemas.envelope import Context, Event
from schemas.errors import Unreadable
from schemas.events.probe_sent import ProbeSent
from schemas.events.receipt_delivered import ReceiptDelivered
from schemas.events.receipt_refused import ReceiptRefused
from schemas.topics import PROBE_ANSWERS, PROBES
from schemas.vocabulary import Door, LegalBasis, Purpose

LOOK_S: Final = 0.2
"""How often is looked where the probes have come, in seconds."""
Now = Callable[[], datetime]
Probes = dict[str, tuple[Course, Event[Data], Knock]]
"""By id: how far each has come, what it is, and where it was handed in."""


def go_round(
    settings: Settings, plan: Plan, now: Now, within_s: float, stop: threading.Event
) -> Round:
    """Send a probe by each way of the plan, and wait for all of them as long as they may take.

    Raises BrokerUnavailable and BrokerRefused.
    """
    begun, prefix = now(), settings.topic_prefix
    answers = prefix + PROBE_ANSWERS.name
    connection, workers = settings.kafka.kafka_python(), wiring.group(settings)
    sinks: dict[str, set[Place]] = {}
    for way in plan.ways:
        for group, place in way.inboxes.items():
            sinks.setdefault(group, set()).add(place)
    with ExitStack() as stack:
        reader = stack.enter_context(
            Reader(connection, [prefix + PROBES.name, answers], from_end=True)
        )
        passage = stack.enter_context(Passage(connection, workers, sinks))
        probes = _hand_in(settings, plan, now, stack)
        until = time.monotonic() + within_s
        while any(not course.is_over for course, _, _ in probes.values()):
            seen = _look(reader, passage, now)
            probes = {
                name: (_objected(followed(course, seen), event, knock), event, knock)
                for name, (course, event, knock) in probes.items()
            }
            if time.monotonic() >= until or stop.is_set():
                break
    found = tuple(probed(course, workers, answers) for course, _, _ in probes.values())
    return Round(begun, found, plan.left_out)


def _hand_in(settings: Settings, plan: Plan, now: Now, stack: ExitStack) -> Probes:
    """Knock at each door; what is left of a probe is taken back at the end of `stack`."""
    knocks: dict[str, Knock] = {}
    probes: Probes = {}
    for way in plan.ways:
        if way.door not in knocks:
            knocks[way.door] = stack.enter_context(closing(KNOCKS[Door(way.door)](settings)))
        knock, name = knocks[way.door], str(uuid.uuid4())
        course = Course(name, way, now())
        event = a_probe(course)
        stack.callback(knock.tidy, event)
        probes[name] = course._replace(objection=knock.hand_in(event)), event, knock
    return probes


def a_probe(course: Course) -> Event[Data]:
    """The event that is sent."""
    said = ProbeSent(door=Door(course.way.door))
    context = Context(
        type=said.wire_type(),
        source=source_of(course.way),
        id=course.id,
        subject=f"probe-{course.id}",
        time=course.sent_at,
        dataschema=said.schema_uri(),
        purpose=Purpose.ACCOUNTABILITY,
        legalbasis=LegalBasis.GDPR_5_2,
        dataclassification=said.CLASSIFICATION,
        recipient=course.way.recipient,
    )
    return Event(context, said)


def _objected(course: Course, event: Event[Data], knock: Knock) -> Course:
    """The same, unless the door has refused it meanwhile."""
    if course.is_over or course.lies_at is not None:
        return course
    return course._replace(objection=knock.objection(event))


def _look(reader: Reader, passage: Passage, now: Now) -> Seen:
    found = reader.read(LOOK_S)
    handed_in, answers = _sightings(found)
    passed = passage.look()
    return Seen(now(), handed_in, answers, passed.moved, passed.ends, passed.kept)


def _sightings(found: Iterable[Found]) -> tuple[dict[str, tuple[Place, int]], dict[str, str]]:
    """Which probes lie on Kafka, and what the hub has answered; a refusal by its codes."""
    handed_in: dict[str, tuple[Place, int]] = {}
    answers: dict[str, str] = {}
    for one in found:
        try:
            event = decode(one.record)
        except Unreadable:
            continue
        data = event.data
        if isinstance(data, ProbeSent):
            handed_in.setdefault(event.context.id, (Place(one.topic, one.partition), one.offset))
        elif isinstance(data, ReceiptDelivered):
            answers[data.event_id] = ""
        elif isinstance(data, ReceiptRefused) and data.event_id is not None:
            answers[data.event_id] = ", ".join(problem.code for problem in data.problems)
    return handed_in, answers
