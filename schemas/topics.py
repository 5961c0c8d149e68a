"""THE list of topics; every other topic name is derived from it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

DAY_MS: Final = 24 * 60 * 60 * 1000
SEGMENT_MS: Final = DAY_MS
"""Kafka deletes whole segments: so much longer than its time may a record stay."""
DELIVERY_PREFIX: Final = "to."
DEAD_SUFFIX: Final = ".dead"
MAX_EVENT_BYTES: Final = 64 * 1024
"""What an event may weigh, headers and value together (CloudEvents 1.0: 64 KiB)."""


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic as it must exist on the broker."""

    name: str
    """Without the configurable prefix."""
    says: str
    """What it is for, in one sentence."""
    carries: tuple[str, ...]
    """The event types, without version; empty: records of the hub's own."""
    partitions: int = 4
    retention_ms: int = 14 * DAY_MS
    """How long a record stays; -1 with `compacted`."""
    compacted: bool = False
    from_outside: bool = False
    """Written by the doors and by parties: kept uncompressed, so that the broker refuses a small
    batch that would inflate beyond its limit, and no reader has to find out."""

    def config(self) -> dict[str, str]:
        """The topic's settings on the broker."""
        lifetime = (
            {"max.compaction.lag.ms": str(SEGMENT_MS)}
            if self.compacted
            else {"segment.ms": str(SEGMENT_MS)}
        )
        return lifetime | {
            "compression.type": "uncompressed" if self.from_outside else "producer",
            "cleanup.policy": "compact" if self.compacted else "delete",
            "retention.ms": "-1" if self.compacted else str(self.retention_ms),
            "max.message.bytes": str(4 * 1024 * 1024),
            "message.timestamp.type": "LogAppendTime",
        }


REFERRALS: Final = Topic(
    name="referrals",
    says="Referrals and their status, from any party.",
    carries=("referral.requested", "referral.opened", "referral.status-changed"),
    from_outside=True,
)
ADDRESS_CHANGES: Final = Topic(
    name="address-changes",
    says="Moves, disclosure blocks and continued hand-overs, from any party.",
    carries=(
        "address-change.reported",
        "address-change.corrected",
        "address-change.withdrawn",
        "disclosure-block.set",
        "disclosure-block.lifted",
        "handover.continued",
    ),
    from_outside=True,
)
SUPPORT_OFFERS: Final = Topic(
    name="support-offers",
    says="Support offers and their places, from municipalities and providers.",
    carries=(
        "support-offer.published",
        "support-offer.capacity-changed",
        "support-offer.withdrawn",
    ),
    from_outside=True,
)
MAILBOXES: Final = Topic(
    name="mailboxes",
    says="Deliveries that nobody collects, from the hub's own mailbox.",
    carries=("delivery.uncollected",),
)
PROBES: Final = Topic(
    name="probes",
    says="Probes of the hub's own monitor, through each door.",
    carries=("probe.sent",),
    retention_ms=DAY_MS,
)
PROBE_ANSWERS: Final = Topic(
    name=f"{DELIVERY_PREFIX}hub",
    says="What became of the monitor's probes.",
    carries=("receipt.delivered", "receipt.refused"),
    partitions=1,
    retention_ms=DAY_MS,
)
LEDGER: Final = Topic(
    name="ledger",
    says="What the hub did with each event, without its content.",
    carries=("ledger.recorded",),
    partitions=1,
    retention_ms=400 * DAY_MS,
)
STATE: Final = Topic(
    name="lanes.state",
    says="What the lanes remember; partitioned like the input topics.",
    carries=(),
    compacted=True,
)
LANE_OFFERS: Final = Topic(
    name="lanes.offers",
    says="What the lanes tell each other of offers; partitioned like the input topics.",
    carries=(),
)
JOURNAL: Final = Topic(
    name="dead.journal",
    says="What was done with dead letters, by whom and why.",
    carries=(),
    partitions=1,
    retention_ms=400 * DAY_MS,
)
INPUTS: Final = (REFERRALS, ADDRESS_CHANGES, SUPPORT_OFFERS, MAILBOXES, PROBES)
"""Where events come in; one processor each."""
LANE_TOPICS: Final = (*INPUTS, LANE_OFFERS)
"""What a lane reads, the same partition of each; one processor each."""

FROM_OUTSIDE: Final = tuple(topic for topic in INPUTS if topic.from_outside)
"""Those on which parties write."""
HANDED_IN: Final = tuple(kind for topic in FROM_OUTSIDE for kind in topic.carries)
"""What parties may say."""
TAKEN_IN: Final = (*HANDED_IN, *PROBES.carries)
"""What the doors take in: that, and what the hub's own monitor sends to itself."""

HUB_EVENTS: Final = (
    "handover.opened",
    "handover.overdue",
    "receipt.delivered",
    "receipt.seen",
    "receipt.refused",
    "referral.offer-suggested",
    "reminder.due",
    "reminder.overdue",
    "subject.erased",
    "support-offer.capacity-lowered",
)
"""What only the hub says to parties."""

TOPIC_OF: Final[dict[str, Topic]] = {kind: topic for topic in INPUTS for kind in topic.carries}
"""The topic on which each event type comes in."""


def delivery_topic(party: str) -> Topic:
    """The topic only this party reads: deliveries and receipts, one partition, in order."""
    return Topic(
        name=f"{DELIVERY_PREFIX}{party}",
        says=f"Deliveries and receipts for {party}.",
        carries=TAKEN_IN + HUB_EVENTS,
        partitions=1,
        retention_ms=30 * DAY_MS,
    )


def dead_topic(source: Topic) -> Topic:
    """Where a refused event of this topic lies, bytes untouched, on its own partition."""
    return Topic(
        name=f"{source.name}{DEAD_SUFFIX}",
        says=f"Refused records of {source.name}, bytes untouched.",
        carries=(),
        partitions=source.partitions,
        retention_ms=90 * DAY_MS,
    )


def every_topic(parties: Iterable[str]) -> Iterator[Topic]:
    """All topics of a hub with these parties."""
    yield from LANE_TOPICS
    yield LEDGER
    yield STATE
    for source in LANE_TOPICS:
        yield dead_topic(source)
    yield JOURNAL
    yield PROBE_ANSWERS
    for party in parties:
        yield delivery_topic(party)
