"""Events to Kafka records and back (CloudEvents Kafka protocol binding 1.0.2).

Binary mode is written; binary and structured mode are read.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Final, NamedTuple

from pydantic import ValidationError
from pydantic_core import from_json, to_json

from schemas.data import Data
from schemas.envelope import ENCRYPTED_AS, SEAL, SIGNATURE, Context, Event, Signed
from schemas.errors import Unreadable
from schemas.events import BY_WIRE_TYPE
from schemas.problems import Problem, ProblemCode, problem
from schemas.reading import attribute_problems, data_problems
from schemas.topics import MAX_EVENT_BYTES

Headers = Sequence[tuple[str, bytes]]
CONTENT_TYPE = "content-type"
STRUCTURED = b"application/cloudevents"
JSON = b"application/json"
ENCRYPTED: Final = b"application/vnd.kurze-wege.encrypted"
"""The content type of data that only the key of their subject opens: `schemas.encryption`."""
HEADER_PREFIX: Final = "ce_"
_ATTRIBUTE_OF: Final = {HEADER_PREFIX + name: name for name in Context.model_fields}
_HEADER_OF: Final = {name: header for header, name in _ATTRIBUTE_OF.items()}
_JSON_HEADER: Final = (CONTENT_TYPE, JSON)
_PROOFS: Final = frozenset(HEADER_PREFIX + name for name in (SIGNATURE, SEAL, ENCRYPTED_AS))
PROOF_BYTES: Final = 4096
"""A signature or seal of up to so many bytes is not counted: it comes on top on the way."""
FRAMING: Final = 2
"""What a header weighs without anything in it: the lengths of its name and its value."""
KNOWN_VALUES: Final = 2000
"""Of each attribute that has few values so many are kept as they are written."""
_FEW_VALUES: Final = (
    "specversion",
    "type",
    "source",
    "dataschema",
    "purpose",
    "legalbasis",
    "dataclassification",
    "recipient",
    "rule",
    "sender",
)
_KNOWN: Final[dict[str, dict[object, tuple[str, bytes]]]] = {name: {} for name in _FEW_VALUES}


class Record(NamedTuple):
    """A Kafka record as far as an event is concerned."""

    key: bytes | None
    value: bytes | None
    headers: Headers

    def size(self) -> int:
        """Bytes of key, value and headers, and two of framing for each header, empty or not.

        Signature, seal and how it lay encrypted do not count.
        """
        total = len(self.key or b"") + len(self.value or b"")
        for name, value in self.headers:
            if name in _PROOFS and len(value or b"") <= PROOF_BYTES:
                continue
            total += len(name.encode()) + len(value or b"") + FRAMING
        return total


def encode(event: Event[Data]) -> Record:
    """The event in binary mode, keyed by its subject; what its sender signed as it was signed."""
    if event.signed is not None:
        headers = [(_HEADER_OF[name], text.encode()) for name, text in event.signed.attributes]
        key = event.context.subject.encode()
        return Record(key, event.signed.value, [_JSON_HEADER, *headers])
    return write(vars(event.context), event.data)


def write(attributes: Mapping[str, object], data: Data) -> Record:
    """The record with these context attributes, `None` left out, and these data.

    The attributes must be those of a `Context`; they are not checked again.
    """
    headers = [_JSON_HEADER]
    for name, value in attributes.items():
        if value is None:
            continue
        known = _KNOWN.get(name)
        header = None if known is None else known.get(value)
        if header is None:
            header = (_HEADER_OF[name], _text(value))
            if known is not None and len(known) < KNOWN_VALUES:
                known[value] = header
        headers.append(header)
    value = data.__pydantic_serializer__.to_json(data, exclude_none=True)
    return Record(str(attributes["subject"]).encode(), value, headers)


def _text(value: object) -> bytes:
    """An attribute as CloudEvents writes it: text as it is, a time by RFC 3339."""
    if isinstance(value, str):
        return value.encode()
    if isinstance(value, datetime):
        return _utc(value) if value.tzinfo is UTC else _zulu(value)
    raise TypeError(type(value).__name__)


@lru_cache(maxsize=64)
def _utc(value: datetime) -> bytes:
    """A moment in UTC; the same one stands on all that follows from one record."""
    return _zulu(value)


def _zulu(value: datetime) -> bytes:
    return value.isoformat().replace("+00:00", "Z").encode()


def decode(record: Record, attributes: dict[str, str] | None = None) -> Event[Data]:
    """The event in a record, in the newest version of its type.

    `attributes`: those of a record in binary mode, where it was taken apart before.
    Raises Unreadable with the problems found, none of which repeats a value of the data.
    """
    if attributes is None:
        attributes, data = taken_apart(record)
    else:
        data = record.value or b""
    if dict(record.headers).get(CONTENT_TYPE) == ENCRYPTED:
        code = ProblemCode.CONTENT_ENCRYPTED if data else ProblemCode.SUBJECT_ERASED
        raise Unreadable([problem(code)], attributes)
    event = _event(attributes, data)
    if record.key is not None and record.key != event.context.subject.encode():
        raise Unreadable([problem(ProblemCode.KEY_MISMATCH, field="subject")], attributes)
    return event


def taken_apart(record: Record) -> tuple[dict[str, str], bytes]:
    """The declared context attributes of a record and its data, neither judged; raises Unreadable.

    In structured mode the data are the JSON that stood there, written without blanks.
    """
    attributes, faults = _binary(record.headers)
    data = record.value or b""
    size = record.size()
    if size > MAX_EVENT_BYTES:
        detail = f"The event has {size} bytes; at most {MAX_EVENT_BYTES} are carried."
        raise Unreadable([problem(ProblemCode.EVENT_TOO_LARGE, detail)], attributes)
    content_type = (dict(record.headers).get(CONTENT_TYPE) or b"").lower()
    if content_type.startswith(STRUCTURED):
        attributes, faults, data = _structured(data)
    if faults:
        raise Unreadable(faults, attributes)
    return attributes, data


def read(attributes: dict[str, str], data: bytes) -> Event[Data]:
    """The event with these context attributes and this JSON; raises Unreadable.

    The data are read strictly: a number or a boolean in quotation marks is neither. An event that
    is signed goes on as it was signed.
    """
    event = _event(attributes, data)
    if not event.context.signature:
        return event
    declared = ((name, text) for name, text in attributes.items() if name in _HEADER_OF and text)
    return Event(event.context, event.data, Signed(tuple(declared), data))


def _event(attributes: dict[str, str], data: bytes) -> Event[Data]:
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
            said = model.model_validate_json(data, strict=True)
            newest = _newest(said)
        except ValidationError as error:
            problems += data_problems(error)
        else:
            if context is not None:
                return Event(_saying(context, said, newest), newest)
    raise Unreadable(problems, attributes)


def _newest(said: Data) -> Data:
    newest = said
    while (later := newest.upcast()) is not newest:
        newest = later
    return newest


def _saying(context: Context, said: Data, newest: Data) -> Context:
    if newest is said:
        return context
    return context.model_copy(
        update={"type": newest.wire_type(), "dataschema": newest.schema_uri()}
    )


def _binary(headers: Headers) -> tuple[dict[str, str], list[Problem]]:
    """The attributes that can be read; an empty header counts as absent."""
    attributes: dict[str, str] = {}
    faults: list[Problem] = []
    for header, value in headers:
        name = _ATTRIBUTE_OF.get(header)
        if name is None or not value:
            continue
        if name in attributes:
            faults.append(_fault("The attribute is given twice.", name))
            continue
        try:
            attributes[name] = value.decode()
        except UnicodeDecodeError:
            faults.append(_fault("The attribute is not UTF-8.", name))
    return attributes, faults


def _structured(value: bytes) -> tuple[dict[str, str], list[Problem], bytes]:
    """Attributes and data of one JSON object; an attribute that is null counts as absent."""
    try:
        envelope = from_json(value, allow_inf_nan=False)
    except ValueError:
        envelope = None
    if not isinstance(envelope, dict):
        raise Unreadable([problem(ProblemCode.VALUE_UNREADABLE)], {})
    known = {name: envelope[name] for name in Context.model_fields if envelope.get(name)}
    attributes = {name: text for name, text in known.items() if isinstance(text, str)}
    faults = [
        _fault("The attribute is no string.", name) for name in known if name not in attributes
    ]
    return attributes, faults, to_json(envelope.get("data"))


def _fault(detail: str, name: str) -> Problem:
    return problem(ProblemCode.ATTRIBUTE_INVALID, detail, name)
