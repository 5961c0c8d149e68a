"""Records go out in whole batches, in order; read here by another client's parser."""

from collections.abc import Sequence

import pytest
from aiokafka import TopicPartition
from hypothesis import given
from hypothesis import strategies as st
from kafka.record import MemoryRecords

from hub.streaming.record_batches import BATCH_BYTES, RecordBatches
from tests.support.patience import FEW

ONE, TWO = TopicPartition("to.kfb", 0), TopicPartition("lanes.state", 3)
PRODUCER, EPOCH = 4711, 5
Said = tuple[bytes | None, bytes | None, list[tuple[str, bytes | None]]]


class Batch:
    """One batch as a broker reads it."""

    def __init__(self, raw: bytes) -> None:
        """Parse it; there is exactly one."""
        records = MemoryRecords(raw)
        batch = records.next_batch()
        assert batch is not None
        assert not records.has_next()
        self.size = len(raw)
        self.producer = (batch.producer_id, batch.producer_epoch)
        self.sequence = batch.base_sequence
        self.in_transaction = batch.is_transactional
        self.records: list[Said] = [(r.key, r.value, r.headers) for r in batch]


def turns(batches: RecordBatches) -> list[dict[TopicPartition, Batch]]:
    """What goes out together, turn by turn."""
    found = batches.turns(PRODUCER, EPOCH)
    return [{place: Batch(raw) for place, raw in turn.items()} for turn in found]


def test_nothing_added_is_nothing_to_send() -> None:
    """No turn at all, not an empty one."""
    assert turns(RecordBatches()) == []


def test_what_fits_goes_in_one_turn() -> None:
    """One batch for each partition, with key, value and headers as they were given."""
    batches = RecordBatches()
    batches.add(ONE, b"k", b"v", [("ce_id", b"1"), ("ce_id", None)])
    batches.add(TWO, b"seen/x", None, [])
    batches.add(ONE, None, b"", [])

    (turn,) = turns(batches)

    assert turn[ONE].records == [(b"k", b"v", [("ce_id", b"1"), ("ce_id", None)]), (None, b"", [])]
    assert turn[TWO].records == [(b"seen/x", None, [])]
    for batch in turn.values():
        assert batch.in_transaction
        assert batch.producer == (PRODUCER, EPOCH)
        assert batch.sequence == 0


def test_what_does_not_fit_goes_in_further_turns() -> None:
    """Each partition's records keep their order and are numbered from 0, however they are split."""
    batches = RecordBatches()
    values = [b"%d" % n + b"x" * 300_000 for n in range(8)]
    for value in values:
        batches.add(ONE, None, value, [])
    batches.add(TWO, b"k", b"v", [])

    found = turns(batches)
    mine = [turn[ONE] for turn in found]

    assert [place for turn in found for place in turn] == [ONE, TWO, *[ONE] * (len(found) - 1)]
    assert [value for batch in mine for _, value, _ in batch.records] == values
    assert [batch.sequence for batch in mine] == [0, 3, 6]
    assert all(batch.size <= BATCH_BYTES for batch in mine)


@pytest.mark.parametrize("size", [BATCH_BYTES, 3 * BATCH_BYTES])
def test_a_large_record_has_a_batch_of_its_own(size: int) -> None:
    """It is never split and never left out; its neighbours keep their places."""
    batches = RecordBatches()
    for value in (b"before", b"x" * size, b"after"):
        batches.add(ONE, None, value, [])

    mine = [turn[ONE] for turn in turns(batches)]

    assert [len(value or b"") for batch in mine for _, value, _ in batch.records] == [6, size, 5]
    assert [batch.sequence for batch in mine] == [0, 1, 2]


_SIZES = st.lists(
    st.tuples(st.sampled_from([ONE, TWO]), st.sampled_from([0, 9, 70_000, 300_000, 1_100_000])),
    max_size=30,
)


@FEW
@given(sizes=_SIZES)
def test_everything_goes_out_once_and_in_order(
    sizes: Sequence[tuple[TopicPartition, int]],
) -> None:
    """Whatever is added in whatever sizes; sequences count records without a gap."""
    batches = RecordBatches()
    wanted: dict[TopicPartition, list[bytes]] = {}
    for number, (place, size) in enumerate(sizes):
        value = b"%d|" % number + bytes(size)
        batches.add(place, None, value, [])
        wanted.setdefault(place, []).append(value)

    found: dict[TopicPartition, list[bytes]] = {}
    for turn in turns(batches):
        for place, batch in turn.items():
            assert batch.sequence == len(found.setdefault(place, []))
            found[place] += [value or b"" for _, value, _ in batch.records]

    assert found == wanted
