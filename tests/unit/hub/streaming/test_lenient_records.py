"""Fetched records are read whatever their senders put into them, each once and in order."""

import pytest
from aiokafka.record.default_records import DefaultRecordBatchBuilder

from hub.streaming.lenient_records import LenientRecords

GOOD, STRANGE = "name", "nameX"


def fetched(*names: str) -> bytes:
    """What a broker sends: a batch of records, each with one header of this name."""
    builder = DefaultRecordBatchBuilder(2, 0, 0, -1, -1, -1, 1024 * 1024)
    for nth, name in enumerate(names):
        builder.append(nth, nth, b"key", b"%d" % nth, [(name, b"value")])
    return bytes(builder.build()).replace(STRANGE.encode(), b"name\xff")


@pytest.mark.parametrize("at", range(3))
def test_a_strange_name_costs_no_record(at: int) -> None:
    """Wherever a header name that is not UTF-8 stands, all records of its batch come, in order."""
    names = [GOOD] * 3
    names[at] = STRANGE
    records = LenientRecords(fetched(*names) + fetched(GOOD))

    batches = []
    while records.has_next():
        batches.append([(one.value, one.headers[0][0]) for one in records.next_batch()])

    said = [GOOD if name == GOOD else "name\\xff" for name in names]
    assert batches == [list(zip([b"0", b"1", b"2"], said, strict=True)), [(b"0", GOOD)]]
