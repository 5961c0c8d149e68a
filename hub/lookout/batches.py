"""Record batches by their headers alone: how many records, from when, of whose transaction.

The content is not decoded, so that no record can stop a monitor and none is ever seen by it.
The format is Kafka's second (KIP-98): 61 bytes of header before the records.
"""

import struct
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

HEADER: Final = struct.Struct(">qiibIhiqqqhii")
LEAST_LENGTH: Final = HEADER.size - 12
"""What `length` counts begins behind itself."""
MAGIC: Final = 2
APPEND_TIME: Final = 0x08
TRANSACTIONAL: Final = 0x10
CONTROL: Final = 0x20


class Batch(NamedTuple):
    """A batch as its header tells."""

    base: int
    """The offset of its first record."""
    last: int
    records: int
    stamped_ms: int
    """When it was appended; where the topic keeps the senders' time, that of its first record."""
    producer: int
    transactional: bool
    control: bool
    """A transaction's marker, not data."""


class Found(NamedTuple):
    """What a reader would be given of some bytes."""

    records: int
    first: int | None
    first_ms: int | None
    next_offset: int | None
    """Behind the last whole batch; None: there was none."""


def batches(data: bytes | memoryview) -> Iterator[Batch]:
    """Each whole batch; one that is cut at the end is left out, as Kafka may cut it."""
    at = 0
    while at + HEADER.size <= len(data):
        base, length, _, magic, _, attributes, delta, first_ms, max_ms, producer, _, _, count = (
            HEADER.unpack_from(data, at)
        )
        end = at + 12 + length
        if magic != MAGIC or length < LEAST_LENGTH or end > len(data):
            return
        yield Batch(
            base=base,
            last=base + delta,
            records=count,
            stamped_ms=max_ms if attributes & APPEND_TIME else first_ms,
            producer=producer,
            transactional=bool(attributes & TRANSACTIONAL),
            control=bool(attributes & CONTROL),
        )
        at = end


def readable(data: bytes | memoryview, offset: int, aborted: Sequence[tuple[int, int]]) -> Found:
    """What lies in these bytes for a `read_committed` reader from `offset` on.

    `aborted`: producer and first offset of each aborted transaction among them, as the broker
    tells with the bytes.
    """
    open_until_marker = sorted(aborted, key=lambda one: one[1])
    dropped: set[int] = set()
    records, first, first_ms, next_offset = 0, None, None, None
    for batch in batches(data):
        while open_until_marker and open_until_marker[0][1] <= batch.last:
            dropped.add(open_until_marker.pop(0)[0])
        next_offset = batch.last + 1
        if batch.control:
            dropped.discard(batch.producer)
            continue
        if batch.last < offset or (batch.transactional and batch.producer in dropped):
            continue
        records += min(batch.records, batch.last - offset + 1)
        if first is None:
            first, first_ms = max(batch.base, offset), batch.stamped_ms
    return Found(records, first, first_ms, next_offset)
