"""Which events come in: readable, no larger than agreed, and of the party that sends them. Pure."""

from collections.abc import Sequence
from typing import Final

from connectors.callers.codes import MEANINGS, CallerCode
from connectors.callers.entrance import Caller
from connectors.callers.refusal import challenge
from connectors.callers.scopes import Scope, to_send
from connectors.http_api.problems import Finding, NotAccepted, finding
from connectors.http_api.said import Said
from schemas import codec
from schemas.data import Data
from schemas.envelope import Event
from schemas.errors import Unreadable
from schemas.problems import Problem, ProblemCode, problem
from schemas.topics import MAX_EVENT_BYTES, TAKEN_IN

SET_BY_THE_HUB: Final = ("sender", "rule", "recordedtime", "seal")
"""Context attributes that nobody but the hub may set."""

WHOLE_DATA: Final = "data"


def admit(sayings: Sequence[Said], caller: Caller, *, batch: bool) -> list[Event[Data]]:
    """The events, if every one of them may come in; raises NotAccepted if any may not."""
    events: list[Event[Data]] = []
    findings: list[Finding] = []
    lacking: set[Scope] = set()
    for number, said in enumerate(sayings):
        index = number if batch else None
        event, problems = _read(said)
        if event is not None:
            problems = _objections(event, said, caller.party)
            events.append(event)
            if lack := _lack(event, caller):
                lacking.add(lack)
                findings.append(_insufficient(index))
        findings += [finding(found, index) for found in problems]
    if findings:
        raise NotAccepted(findings, headers=challenge(*sorted(lacking)) if lacking else None)
    return events


def _lack(event: Event[Data], caller: Caller) -> Scope | None:
    """The scope that the caller needs for this event and has not."""
    if event.data.TYPE not in TAKEN_IN:
        return None
    needed = to_send(event.data.TYPE)
    return None if caller.may(needed) else needed


def _insufficient(index: int | None) -> Finding:
    code = CallerCode.SCOPE_INSUFFICIENT
    return Finding(code, MEANINGS[code].title, "type", index)


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
    if event.data.TYPE not in TAKEN_IN:
        detail = "Only the hub sends events of this type."
        problems.append(problem(ProblemCode.SENDER_NOT_PERMITTED, detail, "type"))
    return problems


def _located(found: Problem) -> Problem:
    """A problem with the data as a whole is one with the field `data`."""
    return found if found.field else problem(found.code, found.detail, WHOLE_DATA)
