"""The door's own checks: an event of the contract, from the folder's party, of an input type."""

from collections.abc import Mapping
from typing import Final
from uuid import NAMESPACE_URL, uuid5

from pydantic_core import to_json

from schemas import codec
from schemas.data import Data
from schemas.envelope import SOURCE_PREFIX, Event
from schemas.errors import Unreadable
from schemas.events import BY_WIRE_TYPE
from schemas.problems import ProblemCode, problem
from schemas.topics import TAKEN_IN

_STRUCTURED: Final = [(codec.CONTENT_TYPE, codec.STRUCTURED + b"+json")]


def structured_event(line: bytes, party: str) -> Event[Data]:
    """The event in a JSON object with attributes and data; raises Unreadable."""
    return _admitted(codec.Record(None, line.strip(), _STRUCTURED), party)


def event_of(attributes: Mapping[str, str], data: object, party: str) -> Event[Data]:
    """The event with these attributes and these data; raises Unreadable."""
    headers = [(codec.CONTENT_TYPE, codec.JSON)]
    headers += [(f"ce_{name}", value.encode()) for name, value in attributes.items()]
    return _admitted(codec.Record(None, to_json(data), headers), party)


def own_attributes(kind: str, party: str, system: str) -> dict[str, str]:
    """The attributes that a table or a list of moves does not have to repeat."""
    model = BY_WIRE_TYPE[kind]
    return {
        "specversion": "1.0",
        "type": kind,
        "source": f"{SOURCE_PREFIX}{party}/{system}",
        "dataschema": model.schema_uri(),
    }


def derived_id(party: str, digest: str, number: int) -> str:
    """The id of an event whose file gives it none.

    The same content gives the same ids, however often and under whatever name it is dropped,
    so that the hub recognises it; a corrected file gives new ones.
    """
    return str(uuid5(NAMESPACE_URL, f"urn:kurze-wege:file-drop:{party}:{digest}:{number}"))


def _admitted(record: codec.Record, party: str) -> Event[Data]:
    event = codec.read(*codec.taken_apart(record))  # what is signed goes on as it was signed
    problems = []
    if event.context.party != party:
        problems.append(problem(ProblemCode.SOURCE_MISMATCH, field="source"))
    if event.data.TYPE not in TAKEN_IN:
        detail = "Only the hub says this; a party cannot hand it in."
        problems.append(problem(ProblemCode.EVENT_TYPE_UNKNOWN, detail, "type"))
    if problems:
        raise Unreadable(problems, {})
    return event
