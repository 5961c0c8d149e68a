"""What spans say, in the names of OpenTelemetry's semantic conventions. Pure.

Messaging spans and CloudEvents have names there; what only a hub has begins with `hub.`. No span
says a subject, a key or anything of the content.
"""

from collections.abc import Iterable, Mapping
from typing import Final

from hub.tracing.span import Attributes

SEND: Final = "send"
PROCESS: Final = "process"


def sent(topic: str, event_id: str, event_type: str, party: str) -> Attributes:
    """A door puts an event of this party on a topic."""
    return _operation(SEND, topic) | {
        "cloudevents.event_id": event_id,
        "cloudevents.event_type": event_type,
        "hub.sender": party,
    }


def decided(
    topic: str, partition: int, offset: int, group: str, note: Mapping[str, object]
) -> Attributes:
    """A lane decides on a record; `note` is what its log line says."""
    said = {
        "cloudevents.event_id": note.get("event_id"),
        "cloudevents.event_type": note.get("event_type"),
        "hub.verdict": note.get("verdict"),
        "hub.sender": note.get("sender"),
        "hub.recipients": note.get("recipients"),
        "hub.rules": note.get("rules"),
        "hub.problems": note.get("problems"),
    }
    return read(topic, partition, offset, group) | {
        name: _plain(value) for name, value in said.items() if value
    }


def written(
    topic: str, partition: int, offset: int, group: str, said: Mapping[str, str]
) -> Attributes:
    """A sink keeps a delivery; `said` are its context attributes."""
    told = {
        "cloudevents.event_id": said.get("id"),
        "cloudevents.event_type": said.get("type"),
        "hub.rules": (said["rule"],) if "rule" in said else (),
    }
    return read(topic, partition, offset, group) | {
        name: value for name, value in told.items() if value
    }


def read(topic: str, partition: int, offset: int, group: str) -> dict[str, str | int]:
    """A record is read as a member of this group, or in its name."""
    return _operation(PROCESS, topic) | {
        "messaging.destination.partition.id": str(partition),
        "messaging.kafka.offset": offset,
        "messaging.consumer.group.name": group,
    }


def _operation(name: str, topic: str) -> dict[str, str | int]:
    return {
        "messaging.system": "kafka",
        "messaging.operation.name": name,
        "messaging.operation.type": name,
        "messaging.destination.name": topic,
    }


def _plain(value: object) -> str | tuple[str, ...]:
    """A code as text; of several all of them."""
    if isinstance(value, str) or not isinstance(value, Iterable):
        return str(value)
    return tuple(str(one) for one in value)
