"""Which events come in: readable, no larger than agreed, and of the party that sends them. Pure."""

from collections.abc import Sequence
from typing import Final

from connectors.http_api.problems import Finding, NotAccepted, finding
from connectors.http_api.said import Said
from schemas import codec
from schemas.data import Data
from schemas.envelope import Event
from schemas.errors import Unreadable
from schemas.problems import Problem, ProblemCode, problem
from schemas.topics import HANDED_IN, MAX_EVENT_BYTES

SET_BY_THE_HUB: Final = ("sender", "rule", "recordedtime")
"""Context attributes that nobody but the hub may set."""

WHOLE_DATA: Final = "data"


def admit(sayings: Sequence[Said], party: str, *, batch: bool) -> list[Event[Data]]:
    """The events, if every one of them may come in; raises NotAccepted if any may not."""
    events: list[Event[Data]] = []
    findings: list[Finding] = []
    for index, said in enumerate(sayings):
        event, problems = _read(said)
        if event is not None:
            problems = _objections(event, said, party)
            events.append(event)
        findings += [finding(found, index if batch else None) for found in problems]
    if findings:
        raise NotAccepted(findings)
    return events


def _read(said: Said) -> tuple[Event[Data] | None, list[Problem]]:
    """The event, or every problem with it once."""
    if said.size() > MAX_EVENT_BYTES:
        detail = f"An event has at most {MAX_EVENT_BYTES} bytes."
        return None, [problem(ProblemCode.EVENT_TOO_LARGE, detail)]
    problems = list(said.problems)
    if any(found.code is ProblemCode.VALUE_UNREADABLE for found in problems):
        return None, problems
    named = {found.field for found in problems}
    if said.data is None:
        named.add(WHOLE_DATA)
    try:
        event = codec.read(said.attributes, said.data or b"")
    except Unreadable as unreadable:
        further = [_located(found) for found in unreadable.problems]
        return None, problems + [found for found in further if found.field not in named]
    return (None, problems) if problems else (event, [])


def _objections(event: Event[Data], said: Said, party: str) -> list[Problem]:
    """What speaks against a readable event of this party."""
    problems = [
        problem(ProblemCode.ATTRIBUTE_INVALID, "Only the hub sets this attribute.", name)
        for name in SET_BY_THE_HUB
        if name in said.attributes
    ]
    if event.context.party != party:
        problems.append(problem(ProblemCode.SOURCE_MISMATCH, field="source"))
    if event.data.TYPE not in HANDED_IN:
        detail = "Only the hub sends events of this type."
        problems.append(problem(ProblemCode.SENDER_NOT_PERMITTED, detail, "type"))
    return problems


def _located(found: Problem) -> Problem:
    """A problem with the data as a whole is one with the field `data`."""
    return found if found.field else problem(found.code, found.detail, WHOLE_DATA)
