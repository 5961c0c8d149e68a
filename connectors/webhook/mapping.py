"""A delivery as the body of a call: one structured CloudEvent in JSON. Pure."""

from base64 import b64encode
from typing import NamedTuple
from uuid import NAMESPACE_URL, uuid5

from pydantic_core import to_json

from connectors.base import Delivered
from schemas.codec import JSON, Record, decode
from schemas.data import Data
from schemas.envelope import Event
from schemas.errors import Unreadable
from schemas.events.probe_sent import ProbeSent
from schemas.problems import ProblemCode, problem
from schemas.topics import delivery_topic


class Message(NamedTuple):
    """What is sent, and what names it."""

    message_id: str
    """`webhook-id`: the same for the same event, however often it is sent."""
    event_id: str
    subject: str
    body: bytes


def message_of(delivered: Delivered) -> Message | Unreadable | None:
    """The message, or why the record is no event, or none for this party.

    None: it is a probe of the hub's, which calls nobody.
    """
    try:
        event = decode(delivered.record)
    except Unreadable as unreadable:
        return unreadable
    context = event.context
    if context.recipient not in (None, delivered.party):
        wrong = problem(ProblemCode.RECIPIENT_NOT_PERMITTED, field="recipient")
        return Unreadable([wrong], {})
    if event.data.TYPE not in delivery_topic(delivered.party).carries:
        return Unreadable([problem(ProblemCode.WRONG_TOPIC, field="type")], {})
    if isinstance(event.data, ProbeSent):
        return None
    name = f"urn:kurze-wege:webhook:{delivered.party}:{context.source}#{context.id}"
    message_id = f"msg_{uuid5(NAMESPACE_URL, name).hex}"
    return Message(message_id, context.id, context.subject, structured(event))


def structured(event: Event[Data]) -> bytes:
    """The event in the CloudEvents JSON format."""
    attributes = event.context.model_dump(mode="json", exclude_none=True)
    data = event.data.model_dump(mode="json", exclude_none=True)
    return to_json({**attributes, "datacontenttype": JSON.decode(), "data": data})


def untouched(record: Record) -> bytes:
    """The bytes of a record that is no event, as JSON."""
    return to_json(
        {
            "key": _text(record.key),
            "value": _text(record.value),
            "headers": [[name, _text(value)] for name, value in record.headers],
        }
    )


def _text(raw: bytes | None) -> str | None:
    return None if raw is None else b64encode(raw).decode()
