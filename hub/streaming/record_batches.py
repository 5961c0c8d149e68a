"""Records gathered into whole batches, one for each partition at a time."""

from collections.abc import Iterator
from typing import Any, Final

from aiokafka import TopicPartition
from aiokafka.record.default_records import DefaultRecordBatchBuilder

BATCH_BYTES: Final = 1024 * 1024
"""How large a batch may grow; below the topics' max.message.bytes."""
MAGIC: Final = 2
UNCOMPRESSED: Final = 0
IN_TRANSACTION: Final = 1


class RecordBatches:
    """What a transaction writes, in order for each partition."""

    def __init__(self) -> None:
        """Nothing is written yet."""
        self._batches: dict[TopicPartition, list[tuple[Any, int]]] = {}
        self._open: dict[TopicPartition, tuple[Any, int]] = {}

    def add(
        self, place: TopicPartition, key: bytes | None, value: bytes | None, headers: Any
    ) -> None:
        """Write this record after what was added before."""
        builder, count = self._open.get(place) or (_builder(), 0)
        if builder.append(count, None, key, value, headers) is None:
            self._batches.setdefault(place, []).append((builder, count))
            builder, count = _builder(), 0
            builder.append(count, None, key, value, headers)
        self._open[place] = (builder, count + 1)

    def turns(self, producer_id: int, epoch: int) -> Iterator[dict[TopicPartition, bytes]]:
        """Batches that may be sent together: one for each partition, numbered from 0 (KIP-890)."""
        for place, last in self._open.items():
            self._batches.setdefault(place, []).append(last)
        sequences = dict.fromkeys(self._batches, 0)
        for turn in range(max(map(len, self._batches.values()), default=0)):
            ready = {}
            for place, batches in self._batches.items():
                if turn < len(batches):
                    builder, count = batches[turn]
                    builder.set_producer_state(producer_id, epoch, sequences[place])
                    sequences[place] += count
                    ready[place] = bytes(builder.build())
            yield ready


def _builder() -> Any:
    return DefaultRecordBatchBuilder(MAGIC, UNCOMPRESSED, IN_TRANSACTION, -1, -1, 0, BATCH_BYTES)
