"""A dead letter: the refused record as it came, with its cause for every kind of desk."""

import hashlib
import struct
from datetime import timedelta
from typing import Final

import pytest

from hub.domain.decision import Kept, Limits
from hub.processors import route_referral
from schemas.codec import Record, encode
from schemas.topics import ADDRESS_CHANGES, REFERRALS, SUPPORT_OFFERS
from tests.support.answers import Answer, Hub
from tests.support.builders import NOW, a_move, a_referral, received

STAMP_MS: Final = 1_772_442_900_123
SPRING: Final = "kafka_dlt-"
CONNECT: Final = "__connect.errors."
CAUSES: Final = {
    "hub-problems",
    f"{SPRING}original-topic",
    f"{SPRING}original-partition",
    f"{SPRING}original-offset",
    f"{SPRING}original-timestamp",
    f"{SPRING}original-timestamp-type",
    f"{SPRING}exception-fqcn",
    f"{SPRING}exception-message",
    f"{CONNECT}topic",
    f"{CONNECT}partition",
    f"{CONNECT}offset",
    f"{CONNECT}connector.name",
    f"{CONNECT}stage",
    f"{CONNECT}exception.class.name",
    f"{CONNECT}exception.message",
}


def _refused(record: Record) -> Answer:
    lying = received(record, 4711, partition=3, topic=REFERRALS)
    return Hub().takes_in(lying._replace(timestamp_ms=STAMP_MS))


def _letter(record: Record) -> Record:
    (letter,) = _refused(record).dead
    return letter.record


def _causes(record: Record) -> dict[str, bytes]:
    letter = _letter(record)
    return dict(list(letter.headers)[len(record.headers) :])


LATE: Final = encode(a_referral(at=NOW - timedelta(days=31), legalbasis="bmg-34"))


@pytest.mark.parametrize(
    "value",
    [b"", b"\x00\xff not JSON", None, b'{"client": 1}'],
    ids=["empty", "bytes", "null", "json"],
)
def test_bytes_are_untouched(value: bytes | None) -> None:
    """Key, value and the record's own headers lie there as they came, in their order."""
    record = Record(b"\xffkey", value, [("ce_type", b"x"), ("x", b"\xff"), ("x", b"again")])
    letter = _letter(record)
    assert (letter.key, letter.value) == (record.key, record.value)
    assert list(letter.headers)[:3] == list(record.headers)


def test_lies_on_its_own_partition() -> None:
    """The letter lies on the dead-letter topic of its topic, on the partition it came from."""
    for topic in (REFERRALS, ADDRESS_CHANGES, SUPPORT_OFFERS):
        answer = Hub().takes_in(received(LATE._replace(value=b"?"), partition=3, topic=topic))
        (letter,) = answer.dead
        assert (letter.topic, letter.partition) == (f"{topic.name}.dead", 3)


def test_topic_is_named_as_the_broker_knows_it() -> None:
    """With a prefix in use the cause names the prefixed topic, so that a replay finds it."""
    lying = received(LATE, topic=REFERRALS)._replace(topic="dadi.referrals")
    decision = route_referral.handle(lying, Kept(), Hub().parties, Limits())
    letter = dict(decision.outputs[0].record.headers)
    assert decision.outputs[0].topic == "referrals.dead"
    assert letter[f"{SPRING}original-topic"] == letter[f"{CONNECT}topic"] == b"dadi.referrals"


def test_spring_reads_the_numbers() -> None:
    """Partition is a big-endian int, offset and time are big-endian longs, as in Spring Kafka."""
    causes = _causes(LATE)
    assert struct.unpack(">i", causes[f"{SPRING}original-partition"]) == (3,)
    assert struct.unpack(">q", causes[f"{SPRING}original-offset"]) == (4711,)
    assert struct.unpack(">q", causes[f"{SPRING}original-timestamp"]) == (STAMP_MS,)
    assert causes[f"{SPRING}original-topic"] == b"referrals"
    assert causes[f"{SPRING}original-timestamp-type"] == b"CreateTime"


def test_connect_reads_text() -> None:
    """Topic, partition and offset are text, as Kafka Connect writes them."""
    causes = _causes(LATE)
    assert causes[f"{CONNECT}topic"] == b"referrals"
    assert causes[f"{CONNECT}partition"] == b"3"
    assert causes[f"{CONNECT}offset"] == b"4711"


def test_headers_are_these_and_no_others() -> None:
    """Every desk finds its headers, each once."""
    letter = _letter(LATE)
    added = [name for name, _ in list(letter.headers)[len(LATE.headers) :]]
    assert sorted(added) == sorted(CAUSES)


def test_cause_is_said_in_codes_and_words() -> None:
    """Our own header lists the codes; both conventions carry fields and words."""
    causes = _causes(LATE)
    assert causes["hub-problems"] == b"legal-basis-not-permitted,too-late"
    for name in (f"{SPRING}exception-message", f"{CONNECT}exception.message"):
        assert causes[name].startswith(b"legalbasis: The sender has not declared")
        assert b"; time: The event is older than 30 days" in causes[name]
    for name in (f"{SPRING}exception-fqcn", f"{CONNECT}exception.class.name"):
        assert causes[name].endswith(b"Refusal")


def test_earlier_causes_are_replaced() -> None:
    """A letter sent again and refused again has one set of causes: the newest."""
    first = _letter(LATE)
    again = first._replace(headers=[*first.headers, ("kafka_dlt-original-consumer-group", b"g")])
    second = _letter(again)
    assert list(second.headers) == list(first.headers)


def test_messages_stay_short() -> None:
    """Twenty problems at once do not make the headers grow without end."""
    event = encode(a_move())._replace(value=b"{%s}" % b",".join(b'"x%d": 1' % n for n in range(99)))
    answer = Hub().takes_in(received(event, topic=ADDRESS_CHANGES))
    (letter,) = answer.dead
    causes = dict(list(letter.record.headers)[len(event.headers) :])
    assert len(answer.decision.problems) == 20
    assert max(map(len, causes.values())) <= 1010


def test_record_larger_than_a_topic_takes_does_not_stop_the_lane() -> None:
    """What grew when it was unpacked is left out; its letter says size, digest and place."""
    record = LATE._replace(value=b"0" * (4 * 1024 * 1024))
    letter = _letter(record)
    causes = dict(letter.headers)
    assert letter.size() < 8 * 1024
    assert (letter.key, letter.value) == (None, None)
    digest = hashlib.sha256(record.value or b"").hexdigest()
    assert causes["hub-left-out"] == f"{record.size()} bytes; {digest}".encode()
    assert causes["hub-problems"] == b"event-too-large"
    assert {*causes} == CAUSES | {"hub-left-out"}
