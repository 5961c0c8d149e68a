"""What waits is counted from the headers of batches, as a `read_committed` reader would count."""

from collections.abc import Mapping

from aiokafka.record.default_records import DefaultRecordBatchBuilder
from hypothesis import given
from hypothesis import strategies as st

from hub.lookout.batches import (
    APPEND_TIME,
    CONTROL,
    HEADER,
    MAGIC,
    TRANSACTIONAL,
    batches,
    readable,
)
from hub.lookout.scan import Scans
from hub.lookout.wire import Fetched
from hub.monitor.look import Ends, Place, Unread
from tests.support.patience import PATIENT

PLACE = Place("referrals", 0)
STAMP = 1_772_442_000_000


def batch(
    base: int, count: int = 1, *, producer: int = -1, attributes: int = 0, stamp: int = STAMP
) -> bytes:
    """A batch as it lies in the log; its records are no matter."""
    body = b"x" * 10 * count
    length = HEADER.size - 12 + len(body)
    head = (
        base,
        length,
        0,
        MAGIC,
        0,
        attributes,
        count - 1,
        stamp,
        stamp + 5,
        producer,
        0,
        0,
        count,
    )
    return HEADER.pack(*head) + body


def data(base: int, count: int = 1, producer: int = 1) -> bytes:
    """Records of a transaction."""
    return batch(base, count, producer=producer, attributes=TRANSACTIONAL)


def marker(base: int, producer: int = 1) -> bytes:
    """The end of a transaction."""
    return batch(base, producer=producer, attributes=TRANSACTIONAL | CONTROL)


def test_a_real_batch_is_read() -> None:
    """The header of a batch that a client has made means what it says."""
    builder = DefaultRecordBatchBuilder(MAGIC, 0, 1, 77, 0, 0, 65536)
    for number in range(3):
        builder.append(number, STAMP + number, b"key", b"value", [])
    (found,) = batches(bytes(builder.build()))

    assert (found.base, found.last, found.records) == (0, 2, 3)
    assert (found.stamped_ms, found.producer, found.transactional) == (STAMP, 77, True)


def test_the_broker_s_time_counts_where_the_topic_keeps_it() -> None:
    """With LogAppendTime it is when the batch was appended, else when its first was made."""
    (appended,) = batches(batch(0, attributes=APPEND_TIME))
    (made,) = batches(batch(0))

    assert (appended.stamped_ms, made.stamped_ms) == (STAMP + 5, STAMP)


def test_markers_and_aborted_records_do_not_count() -> None:
    """Only what a reader would be given, and the first of it."""
    log = data(0, 2) + marker(2) + data(3, 4, producer=2) + marker(7, producer=2) + data(8, 1)
    found = readable(log, 0, [(2, 3)])

    assert (found.records, found.first, found.next_offset) == (3, 0, 9)
    assert readable(log, 2, [(2, 3)]).first == 8


def test_a_producer_that_aborted_once_may_commit_later() -> None:
    """The marker ends what is dropped of it."""
    log = data(0, 2) + marker(2) + data(3, 2) + marker(5)

    assert readable(log, 0, [(1, 0)]).records == 2


def test_an_offset_in_the_middle_of_a_batch() -> None:
    """Of a batch that was read half, the other half waits."""
    found = readable(batch(10, 10), 14, [])

    assert (found.records, found.first, found.next_offset) == (6, 14, 20)


def test_a_batch_that_is_cut_is_left_for_the_next_time() -> None:
    """Kafka cuts what does not fit; nothing is read of it."""
    whole = batch(0, 3)

    assert readable(whole + batch(3, 3)[:-1], 0, []).next_offset == 3
    assert readable(whole[:30], 0, []).next_offset is None


class Log:
    """A partition of batches that can be fetched as the broker hands them out."""

    def __init__(self, *parts: bytes, aborted: tuple[tuple[int, int], ...] = ()) -> None:
        """Keep the batches."""
        self.parts = list(parts)
        self.aborted = list(aborted)
        self.fetches = 0

    @property
    def end(self) -> int:
        """Where it ends."""
        return max(one.last for part in self.parts for one in batches(part)) + 1

    def fetch(self, wanted: Mapping[Place, int], most: int) -> dict[Place, Fetched]:
        """Whole batches from this offset on, as many as fit; one where it is asked for alone."""
        self.fetches += 1
        (offset,) = wanted.values()
        there = [p for p in self.parts if next(batches(p)).last >= offset]
        taken = there[:1] if most == 1 else []
        for part in there[len(taken) :]:
            if sum(map(len, [*taken, part])) > most:
                break
            taken.append(part)
        ended = [batch.last for part in self.parts for batch in batches(part) if batch.control]
        told = [one for one in self.aborted if next(e for e in ended if e > one[1]) >= offset]
        return {PLACE: Fetched(b"".join(taken), told)}


def test_a_scan_goes_on_where_it_stopped() -> None:
    """What was counted is not read again while the group stands."""
    log = Log(*(batch(n * 3, 3) for n in range(5)))
    scans = Scans(log.fetch)
    first = scans.look({(PLACE, 1)}, {PLACE: Ends(0, log.end, log.end)})
    before = log.fetches
    again = scans.look({(PLACE, 1)}, {PLACE: Ends(0, log.end, log.end)})

    assert first == again
    assert log.fetches == before
    assert first[PLACE, 1].records == 14
    log.parts.append(batch(15, 3))
    assert scans.look({(PLACE, 1)}, {PLACE: Ends(0, 18, 18)})[PLACE, 1].records == 17


def test_a_batch_larger_than_a_share_is_read_alone() -> None:
    """However large a batch is, what lies in it is found."""
    log = Log(batch(0, 4000), batch(4000, 1))
    (found,) = Scans(log.fetch).look({(PLACE, 0)}, {PLACE: Ends(0, 4001, 4001)}).values()

    assert (found.records, found.first, found.until) == (4001, 0, 4001)


def test_a_partition_that_does_not_answer_is_left() -> None:
    """The poll ends; nothing is made up."""
    scans = Scans(lambda _wanted, _most: {})

    assert scans.look({(PLACE, 3)}, {PLACE: Ends(0, 9, 9)}) == {
        (PLACE, 3): Unread(0, 3, None, None)
    }


@given(
    story=st.lists(st.tuples(st.integers(1, 4), st.booleans()), min_size=1, max_size=12),
    offset=st.integers(0, 40),
)
@PATIENT
def test_any_story_of_transactions_is_counted_record_by_record(
    story: list[tuple[int, bool]], offset: int
) -> None:
    """The count is that of a reader who is given each committed record from the offset on."""
    parts: list[bytes] = []
    aborted: list[tuple[int, int]] = []
    given_out: list[int] = []
    at = 0
    for count, commits in story:
        parts += [data(at, count), marker(at + count)]
        if commits:
            given_out += range(at, at + count)
        else:
            aborted.append((1, at))
        at += count + 1
    log = Log(*parts, aborted=tuple(aborted))
    begin = min(offset, at - 1)
    (found,) = Scans(log.fetch).look({(PLACE, begin)}, {PLACE: Ends(0, at, at)}).values()

    left = [one for one in given_out if one >= begin]
    assert found.records == len(left)
    assert found.first == next(iter(left), None)
