"""Reads everything that came of a backlog, and judges whether each event did so exactly once."""

import asyncio
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from aiokafka import AIOKafkaConsumer, TopicPartition

from schemas.topics import DELIVERY_PREFIX
from tests.bench.events import Events, number_of
from tests.bench.stage import Stage

DELIVERY: Final = "delivery"
QUIET_S: Final = 1.0
"""Nothing more comes after so long, if all that is expected has come."""
PATIENCE_S: Final = 8.0
"""Nothing more comes after so long, whatever is missing."""


@dataclass(slots=True)
class Outputs:
    """What a `read_committed` reader found."""

    events: Events
    seen: dict[str, Counter[int]] = field(default_factory=dict)
    """For each kind of output, how often each event led to it."""
    misrouted: int = 0
    delivered_at: list[int] = field(default_factory=list)
    """When the broker appended each delivery, milliseconds since 1970."""

    def note(self, topic: str, headers: Sequence[tuple[str, bytes]], stamp_ms: int) -> None:
        """Count one record."""
        said = dict(headers)
        kind, cause = identify(said)
        number = number_of(cause)
        self.seen.setdefault(kind, Counter())[number] += 1
        if kind == DELIVERY:
            self.delivered_at.append(stamp_ms)
            self.misrouted += not topic.endswith(DELIVERY_PREFIX + self.events.recipient(number))

    def count(self, kind: str) -> int:
        """How many records of this kind there are."""
        return sum(self.seen.get(kind, Counter()).values())

    def are_exact(self, kinds: Sequence[str], count: int) -> bool:
        """Whether each of the first `count` events led to one output of each kind, no more."""
        return not self.misrouted and all(
            self.count(kind) == count and set(self.seen[kind]) == set(range(count))
            for kind in kinds
        )


def identify(headers: Mapping[str, bytes]) -> tuple[str, bytes]:
    """What kind of output this is, and the id of the event that led to it."""
    kind = headers["ce_type"].decode().partition(".")[0]
    cause = headers.get("ce_causationid")
    if cause is None:
        return DELIVERY, headers["ce_id"]  # forwarded as it came in
    return (kind if kind in {"receipt", "ledger"} else DELIVERY), cause


def read_outputs(stage: Stage, events: Events, kinds: Sequence[str], count: int) -> Outputs:
    """All committed records on the stage's outputs, once they have come to rest."""
    return asyncio.run(_read(stage, Outputs(events), kinds, count))


async def _read(stage: Stage, found: Outputs, kinds: Sequence[str], count: int) -> Outputs:
    consumer: Any = AIOKafkaConsumer(
        bootstrap_servers=stage.bootstrap,
        isolation_level="read_committed",
        auto_offset_reset="earliest",
        enable_auto_commit=False,
        max_partition_fetch_bytes=4 * 1024 * 1024,
    )
    async with consumer:
        consumer.assign([TopicPartition(topic, 0) for topic in stage.outputs])
        last = time.monotonic()
        while True:
            records = await consumer.getmany(timeout_ms=200)
            now = time.monotonic()
            for place, several in records.items():
                for record in several:
                    found.note(place.topic, record.headers, record.timestamp)
            if records:
                last = time.monotonic()
            complete = all(found.count(kind) >= count for kind in kinds)
            if now - last > (QUIET_S if complete else PATIENCE_S):
                return found
