"""One batch as one Kafka transaction: outputs, state changes and the source offsets together."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Mapping
from typing import Any, Final

from aiokafka import TopicPartition
from aiokafka import errors as kafka_errors
from aiokafka.client import AIOKafkaClient, CoordinationType
from aiokafka.partitioner import DefaultPartitioner
from aiokafka.protocol.transaction import InitProducerIdRequest

from hub.domain.decision import EVERY_PARTITION, Outgoing
from hub.streaming.record_batches import RecordBatches
from hub.streaming.transaction_requests import NO_TAGS, Call, End, OffsetCommit, Produce

ALL_REPLICAS: Final = -1
NO_GENERATION: Final = (-1, "", None)
"""The producer's own fence counts, not the member's."""
FIRST_PAUSE_S: Final = 0.004
LONGEST_PAUSE_S: Final = 0.25
WRITTEN_BEFORE: Final = kafka_errors.DuplicateSequenceNumber.errno
FENCED_TOO: Final = 90
"""PRODUCER_FENCED, which aiokafka has no name for."""
FENCED: Final = (kafka_errors.ProducerFenced, kafka_errors.InvalidProducerEpoch)
"""What a step raises whose lane has another owner by now."""
Step = Callable[[], Awaitable[None]]


class Again(Exception):
    """The step may be tried again: the broker was busy, or somebody else leads now."""


class Transactions:
    """The transactional producer of one lane.

    Starting it fences whoever had the lane before: the broker ends their open transaction and
    refuses their next step (KIP-98). Steps are tried again for as long as the lane lets them:
    each can be repeated without effect, offsets by their value, batches by their sequence, the
    end by its epoch (KIP-890).
    """

    def __init__(
        self,
        connection: Mapping[str, Any],
        state: TopicPartition,
        group: str,
        prefix: str,
        timeout_s: float,
    ) -> None:
        """Name the producer after its lane, so that the next owner fences this one."""
        self.state = state
        """Where the lane's memory is mirrored."""
        self.state_from: int | None = None
        """The offset of the last state written; before it, nothing the memory lacks."""
        self._id = f"{group}.{state.partition}"
        self._group = group
        self._prefix = prefix
        self._timeout_ms = int(timeout_s * 1000)
        self._client = AIOKafkaClient(**connection, retry_backoff_ms=20)
        self._partitioner = DefaultPartitioner()
        self._coordinators: dict[Any, int] = {}
        self._producer = (-1, -1)
        self._gathered = RecordBatches()

    async def start(self) -> None:
        """Fence the former owner; returns once their transaction is ended."""
        await self._client.bootstrap()
        await self._until_done(self._take_over)

    async def stop(self) -> None:
        """Let go of the connections; nothing may be under way."""
        await self._client.close()

    async def gather(self, outputs: Collection[Outgoing]) -> None:
        """Have the next `write` write these first: as bytes they take the least room."""
        places = await self._places({output.topic for output in outputs})
        for output in outputs:
            record = output.record
            for place in self._places_of(output, places[output.topic]):
                self._gathered.add(place, record.key, record.value, record.headers)

    async def write(
        self,
        outputs: Collection[Outgoing],
        changes: Mapping[bytes, bytes | None],
        next_offsets: Mapping[TopicPartition, int],
    ) -> None:
        """Commit everything; any error leaves the outcome in doubt and must end the process.

        One request after the other: the coordinator refuses whoever joins the transaction while
        it still writes down somebody else.
        """
        await self.gather(outputs)
        batches = await self._complete(changes)
        if next_offsets:
            await self._until_done(lambda: self._note(next_offsets))
        for turn in batches.turns(*self._producer):
            left = dict(turn)
            await self._until_done(lambda left=left: self._produce(left))  # type: ignore[misc]
        await self._until_done(self._end)

    async def _until_done(self, step: Step) -> None:
        pause_s = FIRST_PAUSE_S
        while True:
            try:
                return await step()
            except (
                Again,
                kafka_errors.NodeNotReadyError,
                kafka_errors.KafkaConnectionError,
                kafka_errors.RequestTimedOutError,
                kafka_errors.CoordinatorNotAvailableError,
            ) as error:
                if not isinstance(error, Again):
                    self._coordinators.clear()
                    await self._client.force_metadata_update()
                await asyncio.sleep(pause_s)
                pause_s = min(2 * pause_s, LONGEST_PAUSE_S)

    async def _take_over(self) -> None:
        answer = await self._client.send(
            await self._coordinator(CoordinationType.TRANSACTION, self._id),
            InitProducerIdRequest(self._id, self._timeout_ms),
        )
        self._check(answer.error_code)
        self._producer = (answer.producer_id, answer.producer_epoch)

    async def _note(self, offsets: Mapping[TopicPartition, int]) -> None:
        topics = [
            (tp.topic, [(tp.partition, offset, -1, "", NO_TAGS)], NO_TAGS)
            for tp, offset in offsets.items()
        ]
        request = OffsetCommit(
            self._id, self._group, *self._producer, *NO_GENERATION, topics, NO_TAGS
        )
        node = await self._coordinator(CoordinationType.GROUP, self._group)
        answer = await self._client.send(node, Call(request))
        for _, partitions, _ in answer.topics:
            for _, code, _ in partitions:
                self._check(code)

    async def _produce(self, left: dict[TopicPartition, bytes]) -> None:
        """Write these batches; what is written is taken out of them."""
        for node, mine in self._by_leader(left).items():
            request = Produce(self._id, ALL_REPLICAS, self._timeout_ms, mine, NO_TAGS)
            answer = await self._client.send(node, Call(request))
            codes = set()
            for topic, partitions, _ in answer.topics:
                for partition, code, offset, *_ in partitions:
                    place = TopicPartition(topic, partition)
                    if code not in (0, WRITTEN_BEFORE):
                        codes.add(code)
                        continue
                    del left[place]
                    if place == self.state and code == 0:
                        self.state_from = offset
            for code in codes:
                self._check(code)

    async def _end(self) -> None:
        answer = await self._client.send(
            await self._coordinator(CoordinationType.TRANSACTION, self._id),
            Call(End(self._id, *self._producer, True, NO_TAGS)),  # noqa: FBT003 - it is committed
        )
        self._check(answer.error_code)
        self._producer = (answer.producer_id, answer.producer_epoch)

    def _check(self, code: int) -> None:
        """Raise Again where the broker asks for it, else what it says."""
        error = kafka_errors.ProducerFenced if code == FENCED_TOO else kafka_errors.for_code(code)
        if error is kafka_errors.NoError:
            return
        if not (error.retriable or error is kafka_errors.ConcurrentTransactions):
            raise error
        if error is not kafka_errors.ConcurrentTransactions:
            self._coordinators.clear()
            self._client.force_metadata_update()
        raise Again

    async def _coordinator(self, kind: Any, key: str) -> int:
        if kind not in self._coordinators:
            self._coordinators[kind] = await self._client.coordinator_lookup(kind, key)
        return self._coordinators[kind]

    def _by_leader(self, batches: Mapping[TopicPartition, bytes]) -> dict[int, list[Any]]:
        found: dict[int, dict[str, list[Any]]] = {}
        for place, records in batches.items():
            leader = self._client.cluster.leader_for_partition(place)
            if leader is None or leader < 0:
                self._client.force_metadata_update()
                raise Again
            topics = found.setdefault(leader, {})
            topics.setdefault(place.topic, []).append((place.partition, records, NO_TAGS))
        return {
            node: [(topic, partitions, NO_TAGS) for topic, partitions in topics.items()]
            for node, topics in found.items()
        }

    async def _complete(self, changes: Mapping[bytes, bytes | None]) -> RecordBatches:
        """What was gathered, and the changes of state."""
        batches, self._gathered = self._gathered, RecordBatches()
        await self._client._wait_on_metadata(self.state.topic)  # noqa: SLF001
        for key, value in changes.items():
            batches.add(self.state, key, value, [])
        return batches

    async def _places(self, topics: Collection[str]) -> dict[str, list[TopicPartition]]:
        """Every partition of each of these topics, in order."""
        names = {topic: self._prefix + topic for topic in topics}
        for name in names.values():
            if self._client.cluster.partitions_for_topic(name) is None:
                self._client.add_topic(name)  # all of them are asked for at once, not each alone
        found = {}
        for topic, name in names.items():
            partitions = await self._client._wait_on_metadata(name)  # noqa: SLF001
            found[topic] = [TopicPartition(name, number) for number in sorted(partitions)]
        return found

    def _places_of(self, output: Outgoing, every: list[TopicPartition]) -> list[TopicPartition]:
        """Where a record lies, among all the partitions of its topic."""
        if output.partition == EVERY_PARTITION:
            return every
        if output.partition is not None:
            return [TopicPartition(every[0].topic, output.partition)]
        if len(every) == 1:
            return every
        place: TopicPartition = self._partitioner(output.record.key, every, every)
        return [place]
