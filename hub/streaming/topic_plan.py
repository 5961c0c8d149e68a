"""How the topics on a broker differ from the declared ones, and which differences can be mended."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from schemas.topics import Topic

COPIES_WITH_QUORUM: Final = 3
"""From so many copies on, a record counts as written when all but one of them have it."""


@dataclass(frozen=True, slots=True)
class Found:
    """A topic as it is on the broker."""

    partitions: int
    replication: frozenset[int]
    """How many copies its partitions have; one number unless someone moved partitions by hand."""
    config: Mapping[str, str | None]


@dataclass(frozen=True, slots=True)
class Creation:
    """A declared topic that is not there."""

    topic: str
    partitions: int
    replication: int
    config: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Setting:
    """A topic's setting that has another value than declared."""

    topic: str
    key: str
    found: str | None
    wanted: str


@dataclass(frozen=True, slots=True)
class Growth:
    """A topic with fewer partitions than declared.

    More partitions send a case's later events elsewhere than its earlier ones: grow a topic only
    when nothing is waiting on it.
    """

    topic: str
    found: int
    wanted: int


@dataclass(frozen=True, slots=True)
class Impossible:
    """A difference that only a person can mend, and how."""

    topic: str
    what: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that differs; empty when the broker is as declared."""

    creations: tuple[Creation, ...] = ()
    settings: tuple[Setting, ...] = ()
    growths: tuple[Growth, ...] = ()
    impossible: tuple[Impossible, ...] = ()
    as_declared: tuple[str, ...] = field(default=(), compare=False)
    """The topics without any difference."""

    @property
    def is_empty(self) -> bool:
        """Whether nothing differs."""
        return not (self.creations or self.settings or self.growths or self.impossible)


def wanted_config(topic: Topic, replication: int) -> dict[str, str]:
    """The settings this topic must have, where every record has so many copies."""
    if replication < COPIES_WITH_QUORUM:
        return topic.config()
    return topic.config() | {"min.insync.replicas": str(replication - 1)}


def compare(
    wanted: Iterable[Topic], found: Mapping[str, Found], prefix: str, replication: int
) -> Plan:
    """Every difference between the declared topics and those found, by full name."""
    creations: list[Creation] = []
    settings: list[Setting] = []
    growths: list[Growth] = []
    impossible: list[Impossible] = []
    as_declared: list[str] = []
    for topic in wanted:
        name, config = prefix + topic.name, wanted_config(topic, replication)
        there = found.get(name)
        if there is None:
            creations.append(Creation(name, topic.partitions, replication, config))
            continue
        differing = [
            Setting(name, key, there.config.get(key), value)
            for key, value in config.items()
            if there.config.get(key) != value
        ]
        hopeless = list(_impossible(name, topic, there, replication))
        if there.partitions < topic.partitions:
            growths.append(Growth(name, there.partitions, topic.partitions))
        elif not differing and not hopeless:
            as_declared.append(name)
        settings += differing
        impossible += hopeless
    return Plan(
        tuple(creations), tuple(settings), tuple(growths), tuple(impossible), tuple(as_declared)
    )


def _impossible(name: str, topic: Topic, there: Found, replication: int) -> Iterable[Impossible]:
    if there.partitions > topic.partitions:
        yield Impossible(
            name,
            f"it has {there.partitions} partitions, declared are {topic.partitions}",
            "Kafka cannot take partitions away: declare as many as there are, "
            "or empty the topic, delete it and apply again",
        )
    if there.replication != {replication}:
        copies = " and ".join(str(number) for number in sorted(there.replication))
        yield Impossible(
            name,
            f"its replication is {copies}, wanted is {replication}",
            "set `replication` to what the broker has, "
            "or let Kafka's kafka-reassign-partitions.sh place the copies",
        )
