"""Record batches that can be read whatever a sender put into them.

Kafka's brokers take header names of any bytes; aiokafka raises on a name that is not UTF-8, and
whoever reads the partition would stop there for ever. Such a name is read with its strange bytes
escaped: the record then goes its way, and the codec judges it.
"""

import struct
from collections.abc import Iterator
from itertools import islice
from typing import Any, Final

from aiokafka.consumer import fetcher
from aiokafka.record.default_records import _DefaultRecordBatchPy
from aiokafka.record.memory_records import MemoryRecords

LENGTH: Final = struct.Struct(">8xi")
"""Where a batch says how many bytes follow."""


def read_leniently() -> None:
    """Every consumer of this process reads so from now on."""
    fetcher.MemoryRecords = LenientRecords


class LenientRecords:
    """What a fetch brought for one partition, batch by batch."""

    def __init__(self, data: bytes) -> None:
        """Keep the bytes beside aiokafka's fast reader."""
        self._data = memoryview(data)
        self._records = MemoryRecords(data)
        self._at = 0
        self.has_next = self._records.has_next
        self.size_in_bytes = self._records.size_in_bytes

    def next_batch(self) -> "LenientBatch":
        """The next batch; call it only while there is one."""
        batch = self._records.next_batch()
        end = self._at + LENGTH.size + LENGTH.unpack_from(self._data, self._at)[0]
        raw, self._at = self._data[self._at : end], end
        return LenientBatch(batch, raw)


class LenientBatch:
    """One batch, read fast where that goes, and leniently where it does not."""

    def __init__(self, batch: Any, raw: memoryview) -> None:
        """Keep the bytes for a second try."""
        self._batch = batch
        self._raw = raw

    def __getattr__(self, name: str) -> Any:
        return getattr(self._batch, name)

    def __next__(self) -> Any:
        return next(self._batch)

    def __iter__(self) -> Iterator[Any]:
        read = 0
        try:
            for record in self._batch:
                read += 1
                yield record
        except UnicodeDecodeError:
            again: Any = _DefaultRecordBatchPy(self._raw)
            records = iter(again)  # it decompresses here
            again._buffer = _Escaping(again._buffer)  # noqa: SLF001
            yield from islice(records, read, None)


class _Escaping(bytearray):
    """Bytes whose parts decode to text in any case."""

    def __getitem__(self, where: Any) -> Any:
        part = super().__getitem__(where)
        return _Escaping(part) if isinstance(where, slice) else part

    def decode(self, encoding: str = "utf-8", errors: str = "backslashreplace") -> str:
        return super().decode(encoding, errors)
