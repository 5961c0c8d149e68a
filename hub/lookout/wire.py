"""The two requests that kafka-python's admin has no call for: bulk offsets, and bytes of records.

They go over the admin's own connections. One answer for each broker that leads some of the
partitions; a partition that its broker will not speak for is left out.
"""

from collections.abc import Collection, Iterator, Mapping
from typing import Any, Final, NamedTuple

from kafka.admin import KafkaAdminClient
from kafka.errors import for_code
from kafka.protocol.consumer import FetchRequest, IsolationLevel, ListOffsetsRequest

from hub.monitor.look import Place

EARLIEST: Final = -2
LATEST: Final = -1
NOBODY: Final = -1
NO_SESSION: Final = (0, -1)
BY_NAME: Final = 12
"""The last version of Fetch that names its topics."""
MOST_BYTES: Final = 8 * 1024 * 1024
Leaders = Mapping[Place, int]
"""The broker that leads each partition."""


class Fetched(NamedTuple):
    """What one partition answered."""

    data: bytes
    aborted: list[tuple[int, int]]
    """Producer and first offset of each aborted transaction among the bytes."""


def offsets(
    admin: KafkaAdminClient, leaders: Leaders, which: int, *, stable: bool
) -> dict[Place, int]:
    """The earliest or the latest offset of each partition; `stable`: the last stable one."""
    level = IsolationLevel.READ_COMMITTED if stable else IsolationLevel.READ_UNCOMMITTED
    found: dict[Place, int] = {}
    for broker, places in _by_broker(leaders, leaders):
        request = ListOffsetsRequest(
            isolation_level=level.value,
            topics=[
                ListOffsetsRequest.ListOffsetsTopic(
                    name=topic,
                    partitions=[
                        ListOffsetsRequest.ListOffsetsTopic.ListOffsetsPartition(
                            partition_index=number, timestamp=which
                        )
                        for number in numbers
                    ],
                )
                for topic, numbers in places.items()
            ],
            min_version=2,
        )
        for topic in _asked(admin, request, broker).topics:
            for one in topic.partitions:
                if not one.error_code:
                    found[Place(topic.name, one.partition_index)] = int(one.offset)
    return found


def fetch(
    admin: KafkaAdminClient, leaders: Leaders, wanted: Mapping[Place, int], most_bytes: int
) -> dict[Place, Fetched]:
    """What lies there for a `read_committed` reader from these offsets on.

    `most_bytes` is for each partition; the first of them gets one whole batch in any case.
    """
    found: dict[Place, Fetched] = {}
    for broker, places in _by_broker(leaders, wanted):
        session, epoch = NO_SESSION
        request = FetchRequest(
            max_wait_ms=0,
            min_bytes=0,
            max_bytes=MOST_BYTES,
            isolation_level=IsolationLevel.READ_COMMITTED.value,
            session_id=session,
            session_epoch=epoch,
            topics=[_topic(name, numbers, wanted, most_bytes) for name, numbers in places.items()],
            forgotten_topics_data=[],
            rack_id="",
            min_version=4,
            max_version=BY_NAME,
        )
        for topic in _asked(admin, request, broker).responses:
            for one in topic.partitions:
                if not one.error_code:
                    aborted = [
                        (a.producer_id, a.first_offset) for a in one.aborted_transactions or ()
                    ]
                    place = Place(topic.topic, one.partition_index)
                    found[place] = Fetched(bytes(one.records or b""), aborted)
    return found


def _topic(name: str, numbers: list[int], wanted: Mapping[Place, int], most_bytes: int) -> Any:
    kind = FetchRequest.FetchTopic
    partitions = [
        kind.FetchPartition(
            partition=number,
            current_leader_epoch=NOBODY,
            fetch_offset=wanted[Place(name, number)],
            last_fetched_epoch=NOBODY,
            log_start_offset=NOBODY,
            partition_max_bytes=most_bytes,
        )
        for number in numbers
    ]
    return kind(topic=name, partitions=partitions)


def _by_broker(
    leaders: Leaders, places: Collection[Place]
) -> Iterator[tuple[int, dict[str, list[int]]]]:
    found: dict[int, dict[str, list[int]]] = {}
    for place in places:
        topics = found.setdefault(leaders[place], {})
        topics.setdefault(place.topic, []).append(place.partition)
    yield from found.items()


def _asked(admin: KafkaAdminClient, request: Any, broker: int) -> Any:
    manager = admin._manager  # noqa: SLF001 - pinned; test_lookout guards it

    async def send() -> Any:
        return await manager.send(request, node_id=broker)

    answer = manager.run(send)
    error = for_code(getattr(answer, "error_code", 0))
    if error.errno:
        raise error(type(request).__name__)
    return answer
