"""A row of the outbox as the event it says. Pure."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from pydantic_core import to_json

from connectors.sql_outbox.options import ATTRIBUTES, Options
from schemas import codec
from schemas.data import Data
from schemas.envelope import SOURCE_PREFIX, Event
from schemas.errors import Unreadable
from schemas.events import BY_WIRE_TYPE
from schemas.problems import Problem, ProblemCode, problem
from schemas.topics import MAX_EVENT_BYTES, TAKEN_IN

_NAMED: Final = {"id": "id", "subject": "aggregateid", "type": "type"}


class Row(NamedTuple):
    """What stands in a row, as text, by the meaning of its columns."""

    key: object
    """The id as the database has it."""
    said: Mapping[str, str | None]
    too_large: bool = False
    """Whether the payload was left where it is."""


def event_of(row: Row, options: Options) -> Event[Data]:
    """The event; raises Unreadable with the problems found, none of which repeats a value."""
    if row.too_large:
        detail = f"An event has at most {MAX_EVENT_BYTES} bytes."
        raise Unreadable([problem(ProblemCode.EVENT_TOO_LARGE, detail, "payload")], {})
    headers = [(codec.CONTENT_TYPE, codec.JSON), ("ce_specversion", b"1.0")]
    headers += [(f"ce_{name}", _bytes(text)) for name, text in _attributes(row, options).items()]
    event = codec.decode(codec.Record(None, _bytes(row.said.get("payload") or ""), headers))
    objections = _objections(event, options)
    if objections:
        raise Unreadable(objections, {})
    return event


def as_text(problems: Sequence[Problem]) -> str:
    """The problems as they are written into their column."""
    return to_json([one.model_dump(exclude_none=True) for one in problems]).decode()


def _attributes(row: Row, options: Options) -> dict[str, str]:
    found = {name: row.said.get(role) for name, role in _NAMED.items()}
    found |= {name: row.said.get(name) or options.constants.get(name) for name in ATTRIBUTES}
    if not found["source"]:
        found["source"] = f"{SOURCE_PREFIX}{options.party}/{options.system}"
    given = {name: text for name, text in found.items() if text}
    if (model := BY_WIRE_TYPE.get(given.get("type", ""))) is not None:
        given["dataschema"] = model.schema_uri()
    if "time" in given:
        given["time"] = _moment(given["time"], ZoneInfo(options.zone))
    return given


def _moment(text: str, zone: ZoneInfo) -> str:
    """The time as RFC 3339; what cannot be read as one is left for the contract to refuse."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return text
    if ":" not in text:  # a day, or one of the short forms that no database writes
        return text
    return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).isoformat()


def _objections(event: Event[Data], options: Options) -> list[Problem]:
    problems = []
    if event.context.party != options.party:
        problems.append(problem(ProblemCode.SOURCE_MISMATCH, field="source"))
    if event.data.TYPE not in TAKEN_IN:
        detail = "Only the hub sends events of this type."
        problems.append(problem(ProblemCode.SENDER_NOT_PERMITTED, detail, "type"))
    return problems


def _bytes(text: str) -> bytes:
    """The text's bytes, also of one that was never UTF-8: the contract says so then."""
    return text.encode("utf-8", "surrogateescape")
