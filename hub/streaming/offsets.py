"""Moves a consumer group to other offsets, and says beforehand what that means for its readers."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from datetime import datetime
from typing import Any, Final, NamedTuple

from kafka import TopicPartition
from kafka.admin import KafkaAdminClient
from kafka.errors import CoordinatorNotAvailableError, GroupIdNotFoundError
from kafka.structs import OffsetAndMetadata

from hub.errors import HubError, UsageError
from hub.streaming.admin import BrokerRefused, connected
from hub.streaming.clients import open_consumer
from hub.streaming.reading import SETTINGS

EARLIEST: Final = -2
LATEST: Final = -1
LOOK_MS: Final = 200
Target = datetime | int
"""The first record from a time on, or an offset; EARLIEST and LATEST are the ends."""
Read = Callable[[int], None]
"""Takes how many records were counted so far."""


class GroupBusy(HubError):
    """Somebody reads as this group, and would not hear of it."""


class Move(NamedTuple):
    """What becomes of a group at one partition."""

    topic: str
    partition: int
    stands: int | None
    """Where it stands; None: it has committed nothing there."""
    goes: int
    """Where it is to stand."""
    again: int
    """How many records it reads again."""
    skipped: int
    """How many records it never reads."""


def plan(
    connection: Mapping[str, Any],
    group: str,
    to: Target,
    topic: str | None,
    partition: int | None,
    count: Read,
) -> list[Move]:
    """What a reset would do, partition by partition; changes nothing.

    Of the topics where the group has committed, or of `topic`, one partition or all. A place
    before the first record that is kept, or behind the last, becomes that end. Raises GroupBusy,
    UsageError, BrokerUnavailable and BrokerRefused.
    """
    with connected(connection) as admin:
        check_idle(admin, group)
        stands = _stands(admin, group)
        places = _places(admin, stands, topic, partition)
        if not places:
            what = "This group has committed nothing there."
            remedy = "See groups and topics: hub lag; or name a topic: --topic NAME"
            raise UsageError(what, where=group, remedy=remedy)
        first, end, goes = (_offsets(admin, places, which) for which in (EARLIEST, LATEST, to))
    spans: dict[TopicPartition, tuple[int, int]] = {}
    for place in places:
        meant = goes[place] if goes[place] >= 0 else end[place]  # no record is so young
        goal = min(max(first[place], meant), end[place])
        spans[place] = max(stands.get(place, 0), first[place]), goal
    counted = _counted(connection, spans, count)
    return [_move(place, stands.get(place), *spans[place], counted[place]) for place in places]


def _move(place: TopicPartition, stands: int | None, begins: int, goes: int, records: int) -> Move:
    again, skipped = (records, 0) if goes < begins else (0, records)
    return Move(place.topic, place.partition, stands, goes, again, skipped)


def apply(connection: Mapping[str, Any], group: str, moves: Sequence[Move]) -> None:
    """Commit these moves; raises GroupBusy, BrokerUnavailable and BrokerRefused."""
    wanted = {
        TopicPartition(one.topic, one.partition): OffsetAndMetadata(one.goes, "", None)
        for one in moves
    }
    with connected(connection) as admin:
        check_idle(admin, group)
        answers = admin.alter_group_offsets(group, wanted)
    for place, error in answers.items():
        if error.errno:
            raise BrokerRefused(error.__name__, where=f"{place.topic}/{place.partition}")


def check_idle(admin: KafkaAdminClient, group: str) -> None:
    """Raise GroupBusy while the group has members."""
    try:
        members = len(admin.describe_groups([group])[group]["members"])
    except CoordinatorNotAvailableError:  # no group was ever on this broker
        return
    if members:
        what = f"{members} read as it now."
        raise GroupBusy(what, where=group, remedy="Stop them, then call again.")


def _stands(admin: KafkaAdminClient, group: str) -> dict[TopicPartition, int]:
    try:
        told = admin.list_group_offsets([group])[group]
    except (CoordinatorNotAvailableError, GroupIdNotFoundError):
        return {}
    return {place: one.offset for place, one in told.items() if one.offset >= 0}


def _places(
    admin: KafkaAdminClient,
    stands: Mapping[TopicPartition, int],
    topic: str | None,
    partition: int | None,
) -> list[TopicPartition]:
    if topic is None:
        found = set(stands)
    else:
        (seen,) = admin.describe_topics([topic])
        found = {TopicPartition(topic, one["partition_index"]) for one in seen["partitions"]}
        if not found:
            raise UsageError("The broker has no such topic.", where=topic)
    return sorted(place for place in found if partition in (None, place.partition))


def _offsets(
    admin: KafkaAdminClient, places: Sequence[TopicPartition], to: Target
) -> dict[TopicPartition, int]:
    """Of each place the offset that is meant; -1: there is none so late."""
    if isinstance(to, int) and to >= 0:
        return dict.fromkeys(places, to)
    which = to if isinstance(to, int) else round(to.timestamp() * 1000)
    found = admin.list_partition_offsets(dict.fromkeys(places, which))
    return {place: int(one.offset) for place, one in found.items()}


def _counted(
    connection: Mapping[str, Any], spans: Mapping[TopicPartition, tuple[int, int]], count: Read
) -> dict[TopicPartition, int]:
    """How many records a reader gets in each span; marks of transactions are none."""
    bounds = {place: (min(span), max(span)) for place, span in spans.items()}
    left = {place: bound for place, bound in bounds.items() if bound[0] < bound[1]}
    found = dict.fromkeys(spans, 0)
    if not left:
        return found
    with closing(open_consumer(connection, **SETTINGS)) as consumer:
        consumer.assign(list(left))
        for place, (begin, _) in left.items():
            consumer.seek(place, begin)
        while left:
            for place, records in consumer.poll(LOOK_MS).items():
                if place in left:
                    found[place] += sum(one.offset < left[place][1] for one in records)
            count(sum(found.values()))
            done = [place for place in left if consumer.position(place) >= left[place][1]]
            for place in done:
                del left[place]
            if done and left:
                consumer.pause(*done)
    return found
