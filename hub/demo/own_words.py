"""What parties said of referrals by their own systems, and how much was delivered to each."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from hub.demo.parts import Parts
from hub.stores.casework.remembering import Earlier
from hub.streaming.reading import Found, Reader
from schemas.codec import decode
from schemas.errors import Unreadable
from schemas.topics import REFERRALS, delivery_topic


class Heard(NamedTuple):
    """What lies on the topics of a demo, by party."""

    said: Mapping[str, Sequence[Earlier]]
    """What it said of referrals, in the order of each case."""
    ends: Mapping[str, Mapping[str, int]]
    """The offset behind the last record of its topic, the name with prefix."""


def listen(parts: Parts, parties: Collection[str]) -> Heard:
    """All that was said by these parties, and delivered to them, up to now."""
    prefix = parts.settings.topic_prefix
    names = {prefix + delivery_topic(party).name: party for party in parties}
    said: defaultdict[str, list[Earlier]] = defaultdict(list)
    ends: defaultdict[str, dict[str, int]] = defaultdict(dict)
    opens = parts.opener()
    with Reader(parts.connection, [prefix + REFERRALS.name, *names]) as reader:
        for one in reader.rest():
            if (party := names.get(one.topic)) is not None:
                ends[party][one.topic] = one.offset + 1
            elif (earlier := _earlier(one._replace(record=opens(one.record)))) is not None:
                said[earlier.event.context.party].append(earlier)
    return Heard(said, ends)


def _earlier(found: Found) -> Earlier | None:
    """The event of a record, and when it lay there; None: it cannot be read."""
    try:
        event = decode(found.record)
    except Unreadable:
        return None
    return Earlier(event, datetime.fromtimestamp(found.timestamp_ms / 1000, UTC))
