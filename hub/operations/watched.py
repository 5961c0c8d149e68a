"""What is watched of a hub with these settings."""

from collections.abc import Mapping
from datetime import UTC, datetime

from hub import wiring
from hub.lookout.lookout import Lookout
from hub.monitor.watch import Watch
from hub.monitor.wording import Names
from hub.settings import Settings
from schemas.topics import LANE_TOPICS, dead_topic


def now() -> datetime:
    """The machine's own clock."""
    return datetime.now(UTC)


def names(settings: Settings) -> Names:
    """What parties and groups are called."""
    parties = {party.id: party.name for party in wiring.parties(settings).party}
    return Names(parties, wiring.group(settings))


def hub_name(settings: Settings) -> str:
    """What tells this hub's monitor from another's on the same machine."""
    return f"{settings.kafka.bootstrap} {wiring.group(settings)}"


def lookout(settings: Settings) -> Lookout:
    """What looks at the hub's topics and at whoever reads them."""
    declared = [settings.topic_prefix + topic.name for topic in wiring.declared_topics(settings)]
    connection = settings.kafka.kafka_python()
    return Lookout(connection, declared, expected(settings), now, dead(settings))


def watch(settings: Settings, channels: tuple[str, ...] = ()) -> Watch:
    """How it is judged, and where it is told."""
    return Watch(
        own=frozenset(expected(settings)),
        joining=frozenset({wiring.group(settings)}),
        dead=dead(settings),
        prefix=settings.topic_prefix,
        limits=settings.monitor.limits,
        channels=channels,
    )


def expected(settings: Settings) -> Mapping[str, frozenset[str]]:
    """The groups that these settings ask for, each with the topics it should read, full names.

    Not the ledger's sink: it runs where somebody wants trails and reports.
    """
    inputs = frozenset(settings.topic_prefix + topic.name for topic in LANE_TOPICS)
    found = {wiring.group(settings): inputs}
    for sink, groups in wiring.readers(settings).items():
        if sink != "ledger":
            found |= {group: frozenset(topics) for group, topics in groups.items()}
    return found


def dead(settings: Settings) -> tuple[str, ...]:
    """The dead-letter topics, full names."""
    return tuple(settings.topic_prefix + dead_topic(topic).name for topic in LANE_TOPICS)
