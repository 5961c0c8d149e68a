"""What is watched of a hub with these settings."""

from collections.abc import Mapping
from datetime import UTC, datetime

from hub import wiring
from hub.lookout.lookout import Lookout
from hub.monitor.watch import Watch
from hub.monitor.wording import Names
from hub.settings import Settings
from schemas.topics import LANE_TOPICS, dead_topic, delivery_topic


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
    """The groups that these settings ask for, each with the topics it should read, full names."""
    prefix, workers = settings.topic_prefix, wiring.group(settings)
    sinks = {
        "backoffice": settings.backoffice.parties,
        "webhook": tuple(settings.webhook.receivers),
        "offers": settings.hsds.parties,
    }
    found = {workers: frozenset(prefix + topic.name for topic in LANE_TOPICS)}
    for name, parties in sinks.items():
        if parties:
            topics = (prefix + delivery_topic(party).name for party in parties)
            found[f"{workers}.{name}"] = frozenset(topics)
    return found


def dead(settings: Settings) -> tuple[str, ...]:
    """The dead-letter topics, full names."""
    return tuple(settings.topic_prefix + dead_topic(topic).name for topic in LANE_TOPICS)
