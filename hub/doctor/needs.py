"""What each part of a hub with these settings does on the broker, and needs the right to do."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final, NamedTuple

from hub import doors, wiring
from hub.settings import Settings
from schemas.topics import (
    FROM_OUTSIDE,
    LANE_OFFERS,
    LANE_TOPICS,
    LEDGER,
    MAILBOXES,
    PROBE_ANSWERS,
    PROBES,
    STATE,
    Topic,
    dead_topic,
    delivery_topic,
)

READ: Final = "READ"
WRITE: Final = "WRITE"
ROLES: Final = {
    "worker": "worker",
    "file_drop": "door",
    "http_api": "door",
    "sql_outbox": "door",
    "backoffice": "sink",
    "webhook": "sink",
    "offers": "sink",
    "mailbox": "mailbox",
    "ledger": "ledger",
    "web": "desk",
}
"""As which of the hub's users each part comes, where each kind of process has its own."""
DOORS: Final = ("file_drop", "http_api", "sql_outbox", "web")
WRITES: Final[Mapping[str, tuple[Topic, ...]]] = {
    **dict.fromkeys(DOORS, (*FROM_OUTSIDE, PROBES)),
    "mailbox": (MAILBOXES,),
}
"""On which topics each connector puts events."""


class Needs(NamedTuple):
    """The operations that a part needs, by full name."""

    topics: Mapping[str, frozenset[str]]
    groups: tuple[str, ...]
    """Groups it reads by."""
    transactions: tuple[str, ...] = ()
    """One of the ids under which it writes."""


def of(settings: Settings) -> Iterator[tuple[str, Needs]]:
    """The worker, and each connector that is configured."""
    yield "worker", _worker(settings)
    readers = wiring.readers(settings)
    for name, lacks in doors.configured(settings).items():
        groups = readers.get(name, {})
        writes = WRITES.get(name, ())
        if lacks or not (groups or writes):
            continue
        topics = _on(settings, writes, WRITE)
        read = {topic for topics in groups.values() for topic in topics}
        topics |= {name: topics.get(name, frozenset()) | {READ} for name in read}
        yield name, Needs(topics, tuple(groups))


def _worker(settings: Settings) -> Needs:
    parties = (delivery_topic(party) for party in wiring.parties(settings).by_id)
    dead = (dead_topic(topic) for topic in LANE_TOPICS)
    topics = _on(settings, LANE_TOPICS, READ)
    for name, operations in _on(
        settings, (LANE_OFFERS, STATE, LEDGER, PROBE_ANSWERS, *dead, *parties), WRITE
    ).items():
        topics[name] = topics.get(name, frozenset()) | operations
    topics[settings.topic_prefix + STATE.name] |= {READ}
    group = wiring.group(settings)
    return Needs(topics, (group,), (f"{group}.0",))


def _on(settings: Settings, topics: Iterable[Topic], operation: str) -> dict[str, frozenset[str]]:
    return {settings.topic_prefix + topic.name: frozenset({operation}) for topic in topics}
