"""A dead letter: a refused record, bytes untouched, with headers that say why.

The cause stands in the headers of Spring Kafka (`kafka_dlt-*`, numbers big-endian), of Kafka
Connect (`__connect.errors.*`, text) and in our own `hub-problems`, so that any desk reads it.
Earlier cause headers are replaced, so that they do not grow from replay to replay.

A record that no topic could take again, as one that was sent compressed can become, must not
stop the lane: its letter says how large it was and its SHA-256, and where it still lies.
"""

import hashlib
import struct
from collections.abc import Sequence
from typing import Final

from hub.domain.decision import Outgoing, Received
from schemas.codec import Record
from schemas.problems import Problem
from schemas.topics import Topic, dead_topic

PROBLEMS_HEADER = "hub-problems"
SPRING = "kafka_dlt-"
CONNECT = "__connect.errors."
EXCEPTION = "hub.domain.refusal.Refusal"
LEFT_OUT_HEADER = "hub-left-out"
MAX_BYTES: Final = 3 * 1024 * 1024
"""What a letter may weigh: less than the topics' max.message.bytes, with room for the causes."""


def dead_letter(received: Received, problems: Sequence[Problem], source: Topic) -> Outgoing:
    """The record as it came, on its own partition of its dead-letter topic."""
    record = received.came_as or received.record
    key, value, headers = record
    kept = [
        (name, said)
        for name, said in headers
        if not name.startswith((SPRING, CONNECT, PROBLEMS_HEADER, LEFT_OUT_HEADER))
    ]
    size = record.size()
    if size > MAX_BYTES:
        digest = hashlib.sha256(value or b"").hexdigest()
        key, value, kept = None, None, [(LEFT_OUT_HEADER, f"{size} bytes; {digest}".encode())]
    letter = Record(key, value, [*kept, *_causes(received, problems, source)])
    return Outgoing(dead_topic(source).name, letter, received.partition)


def _causes(
    received: Received, problems: Sequence[Problem], source: Topic
) -> list[tuple[str, bytes]]:
    codes = ",".join(p.code for p in problems)
    message = "; ".join(f"{p.field}: {p.detail}" if p.field else p.detail for p in problems)[:1000]
    topic = received.topic.encode()
    return [
        (PROBLEMS_HEADER, codes.encode()),
        (f"{SPRING}original-topic", topic),
        (f"{SPRING}original-partition", struct.pack(">i", received.partition)),
        (f"{SPRING}original-offset", struct.pack(">q", received.offset)),
        (f"{SPRING}original-timestamp", struct.pack(">q", received.timestamp_ms)),
        (f"{SPRING}original-timestamp-type", b"CreateTime"),
        (f"{SPRING}exception-fqcn", EXCEPTION.encode()),
        (f"{SPRING}exception-message", message.encode()),
        (f"{CONNECT}topic", topic),
        (f"{CONNECT}partition", str(received.partition).encode()),
        (f"{CONNECT}offset", str(received.offset).encode()),
        (f"{CONNECT}connector.name", source.name.encode()),
        (f"{CONNECT}stage", b"VALUE_CONVERTER"),
        (f"{CONNECT}exception.class.name", EXCEPTION.encode()),
        (f"{CONNECT}exception.message", message.encode()),
    ]
