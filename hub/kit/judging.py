"""Compares what a step has led to with what it must lead to, in plain words. Pure.

No word of an event is repeated: what is said here goes into a report.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from hub.kit.case import Expected, Knowledge, Step
from hub.kit.noted import Message
from hub.kit.roles import Roles
from schemas.data import Data
from schemas.envelope import Event
from schemas.events import BY_WIRE_TYPE
from schemas.events.receipt_refused import ReceiptRefused


def is_meant(step: Step, event: Event[Data]) -> bool:
    """Whether an event is what the step is about: its type, and what its key says."""
    if step.event is None or event.data.TYPE != BY_WIRE_TYPE[step.event.type].TYPE:
        return False
    said = event.data.model_dump(mode="json", exclude_none=True)
    return all(at(said, path) == at(step.event.data, path) for path in step.key)


def differences(step: Step, said: Sequence[Message], roles: Roles) -> list[str]:
    """What is missing, what is other than expected, and what nobody expected."""
    left = [(party, event) for party, event in said]
    found: list[str] = []
    for expected in step.expected:
        party = roles.id(expected.to)
        same = [one for one in left if one[0] == party and expected.type == one[1].data.TYPE]
        if not same:
            found.append(f"{roles.name(expected.to)}: no {expected.type} came.")
            continue
        message = next((one for one in same if not [*_wrong(expected, one[1].data)]), same[0])
        left.remove(message)
        about = f"{roles.name(expected.to)}: {expected.type}"
        found += [f"{about} {wrong}." for wrong in _wrong(expected, message[1].data)]
    return [*found, *_surplus(left, roles)]


def unlike(wanted: Knowledge, found: Knowledge, roles: Roles) -> list[str]:
    """Where somebody knows something else than it should."""
    return [
        f"{roles.name(role)}: should know {what!r}, knows {found[role]!r}."
        for role, what in wanted.items()
        if found[role] != what
    ]


def at(said: Any, path: str) -> Any:  # noqa: ANN401 - a JSON-like tree
    """The value at a dotted path; None where there is none."""
    for name in path.split("."):
        said = said.get(name) if isinstance(said, Mapping) else None
    return said


def _wrong(expected: Expected, data: Data) -> Iterator[str]:
    said = data.model_dump(mode="json", exclude_none=True)
    for name, value in expected.data.items():
        if not _holds(said.get(name), value):
            yield f"does not have {name} = {value}"
    for name in expected.shows:
        if at(said, name) is None:
            yield f"does not show {name}"
    for name in expected.leaves_out:
        if at(said, name) is not None:
            yield f"shows {name}, which must be left out"


def _surplus(left: Sequence[Message], roles: Roles) -> Iterator[str]:
    for party, event in left:
        role = roles.of(party)
        name = roles.name(role) if role else party
        if isinstance(event.data, ReceiptRefused):
            codes = (f"{one.code} ({one.field})" for one in event.data.problems)
            yield f"{name}: the hub refused it: {', '.join(codes)}."
        else:
            yield f"{name}: {event.data.TYPE} came, which nobody expected."


def _holds(said: Any, wanted: Any) -> bool:  # noqa: ANN401 - JSON-like values
    """Whether what was said has all that was wanted; it may have more."""
    if isinstance(wanted, Mapping):
        return isinstance(said, Mapping) and all(
            _holds(said.get(name), value) for name, value in wanted.items()
        )
    if isinstance(wanted, list):
        return isinstance(said, list) and all(
            any(_holds(one, value) for one in said) for value in wanted
        )
    return bool(said == wanted)
