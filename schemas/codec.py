"""Events to Kafka records and back (CloudEvents Kafka protocol binding 1.0.2).

Binary mode is written; binary and structured mode are read.
"""

import json
from collections.abc import Sequence
from typing import NamedTuple

from pydantic import ValidationError

from schemas.data import Data
from schemas.envelope import Context, Event
from schemas.errors import Unreadable
from schemas.events import BY_WIRE_TYPE
from schemas.problems import Problem, ProblemCode, problem
from schemas.reading import attribute_problems, data_problems
from schemas.topics import MAX_EVENT_BYTES

Headers = Sequence[tuple[str, bytes]]
CONTENT_TYPE = "content-type"
STRUCTURED = b"application/cloudevents"
JSON = b"application/json"


class Record(NamedTuple):
    """A Kafka record as far as an event is concerned."""

    key: bytes | None
    value: bytes | None
    headers: Headers

    def size(self) -> int:
        """Bytes of key, value and headers."""
        return (
            len(self.key or b"")
            + len(self.value or b"")
            + sum(len(name) + len(value or b"") for name, value in self.headers)
        )


def encode(event: Event[Data]) -> Record:
    """The event in binary mode, keyed by its subject."""
    context = event.context
    headers = [(CONTENT_TYPE, JSON)]
    for name, value in context.model_dump(mode="json", exclude_none=True).items():
        headers.append((f"ce_{name}", str(value).encode()))
    value = event.data.model_dump_json(exclude_none=True).encode()
    return Record(context.subject.encode(), value, headers)


def decode(record: Record) -> Event[Data]:
    """The event in a record, in the newest version of its type.

    Raises Unreadable with every problem found, none of which repeats a value of the data.
    """
    attributes: dict[str, str] = {}
    try:
        size = record.size()
        if size > MAX_EVENT_BYTES:
            detail = f"The event has {size} bytes; at most {MAX_EVENT_BYTES} are carried."
            raise Unreadable([problem(ProblemCode.EVENT_TOO_LARGE, detail)], {})
        headers = dict(record.headers)
        if (headers.get(CONTENT_TYPE) or b"").lower().startswith(STRUCTURED):
            attributes, data = _structured(record.value)
        else:
            attributes, data = _binary(headers), record.value or b""
    except UnicodeDecodeError:
        raise Unreadable([problem(ProblemCode.VALUE_UNREADABLE)], attributes) from None
    event = read(attributes, data)
    if record.key is not None and record.key != event.context.subject.encode():
        raise Unreadable([problem(ProblemCode.KEY_MISMATCH, field="subject")], attributes)
    return event


def read(attributes: dict[str, str], data: bytes) -> Event[Data]:
    """The event with these context attributes and this JSON; raises Unreadable."""
    problems: list[Problem] = []
    context: Context | None = None
    try:
        context = Context.model_validate(attributes)
    except ValidationError as error:
        problems += attribute_problems(error)
    model = BY_WIRE_TYPE.get(attributes.get("type", ""))
    if model is None and "type" in attributes:
        problems.append(problem(ProblemCode.EVENT_TYPE_UNKNOWN, field="type"))
    if model is not None:
        try:
            said = model.model_validate_json(data)
        except ValidationError as error:
            problems += data_problems(error)
        else:
            if context is not None:
                return _newest(context, said)
    raise Unreadable(problems, attributes)


def _newest(context: Context, said: Data) -> Event[Data]:
    newest = said
    while (later := newest.upcast()) is not newest:
        newest = later
    if newest is not said:
        context = context.model_copy(
            update={"type": newest.wire_type(), "dataschema": newest.schema_uri()}
        )
    return Event(context, newest)


def _binary(headers: dict[str, bytes]) -> dict[str, str]:
    return {name[3:]: value.decode() for name, value in headers.items() if name.startswith("ce_")}


def _structured(value: bytes | None) -> tuple[dict[str, str], bytes]:
    try:
        envelope = json.loads(value or b"")
    except (ValueError, RecursionError):
        envelope = None
    if not isinstance(envelope, dict):
        raise Unreadable([problem(ProblemCode.VALUE_UNREADABLE)], {})
    data = envelope.pop("data", None)
    attributes = {name: text for name, text in envelope.items() if isinstance(text, str)}
    return attributes, json.dumps(data).encode()
