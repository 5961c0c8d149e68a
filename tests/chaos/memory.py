"""What the lanes remember, compared with what the events imply, and with what the source tells."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from hub import wiring
from hub.domain import recognition
from hub.domain.offer_memory import COPIES, FAMILY, KINDS
from hub.settings import Settings
from hub.streaming import rebuilding
from schemas.data import Data
from schemas.envelope import Event
from schemas.events.support_offer_published import SupportOfferPublished
from schemas.events.support_offer_withdrawn import SupportOfferWithdrawn
from schemas.topics import LANE_OFFERS, TOPIC_OF
from tests.chaos.traffic import Sent
from tests.support import topics

STATE_SUFFIX: Final = ".state"
PROTECTED: Final = b"protected/"
FAMILIES: Final = (b"seen/", b"case/", PROTECTED, FAMILY, COPIES, KINDS)
"""The kinds of keys that are compared."""
Kept = Counter[bytes]
"""How many partitions keep each key."""


@dataclass(frozen=True, slots=True)
class MemoryVerdict:
    """How the memory compares with what was sent."""

    missing: int
    """Events and cases that are not remembered, or remembered in two places."""
    unknown: int
    """Keys that no event explains."""


def state_topics(bootstrap: str, prefix: str) -> list[str]:
    """The topics in which this hub keeps its memory."""
    with topics.admin(bootstrap) as admin:
        names = admin.list_topics()
    return [name for name in names if name.startswith(prefix) and name.endswith(STATE_SUFFIX)]


def read(bootstrap: str, prefix: str) -> Kept:
    """What a lane would restore: the last value of each key, where it is not a tombstone."""
    last: dict[tuple[str, int, bytes], bool] = {}
    for name in state_topics(bootstrap, prefix):
        for partition, _, record in topics.read(bootstrap, name):
            last[name, partition, record.key or b""] = record.value is not None
    return Counter(key for (_, _, key), is_kept in last.items() if is_kept)


def compare(kept: Kept, sent: Sequence[Sent]) -> MemoryVerdict:
    """Every event that was answered is remembered once, every case too, an offer in every lane."""
    delivered = [one.event for one in sent if one.expected.refused is None]
    wanted = {recognition.key(s.event.context.source, s.event.context.id) for s in sent}
    wanted |= {_case(event) for event in delivered}
    offers = _standing(delivered)
    wanted |= {FAMILY + offer for offer in offers}
    copies = {COPIES + offer for offer in offers}
    copies |= {KINDS + offer for offer in _published(delivered)}
    explained = (
        wanted | copies | {PROTECTED + event.context.subject.encode() for event in delivered}
    )
    return MemoryVerdict(
        missing=sum(kept[key] != 1 for key in wanted)
        + sum(kept[key] != LANE_OFFERS.partitions for key in copies),
        unknown=sum(key.startswith(FAMILIES) for key in kept.keys() - explained),
    )


def _standing(delivered: Sequence[Event[Data]]) -> set[bytes]:
    """The offers that were published and not withdrawn."""
    return _published(delivered) - _subjects(delivered, SupportOfferWithdrawn)


def _published(delivered: Sequence[Event[Data]]) -> set[bytes]:
    return _subjects(delivered, SupportOfferPublished)


def _subjects(delivered: Sequence[Event[Data]], kind: type[Data]) -> set[bytes]:
    return {event.context.subject.encode() for event in delivered if isinstance(event.data, kind)}


def to_mend(settings: Settings) -> int:
    """How many entries `hub state rebuild` would write."""
    rules, lanes = wiring.replaying_rules(settings), wiring.lanes(settings)
    rebuilt = rebuilding.rebuild(lanes, rules, None, lambda _lines: None, mends=False)
    return sum(counts.wrong for one in rebuilt for counts in one.comparison.families.values())


def _case(event: Event[Data]) -> bytes:
    return f"case/{TOPIC_OF[event.data.TYPE].name}/{event.context.subject}".encode()
