"""Hostile records at the lanes of a real worker, with good events between them."""

import asyncio
import random
import string
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, NamedTuple

import psutil
from aiokafka import AIOKafkaProducer
from kafka import KafkaConsumer, TopicPartition

from hub.domain.dead_letters import PROBLEMS_HEADER
from hub.keeper import Change
from schemas.codec import CONTENT_TYPE, STRUCTURED, decode, encode
from schemas.problems import ProblemCode
from schemas.topics import INPUTS, REFERRALS, dead_topic
from tests.attacks.hostile import MARKER, PIECES
from tests.support import topics
from tests.support.builders import KFB, a_referral
from tests.support.running_hub import running_worker
from tests.support.waiting import until

CODECS: Final = (None, "gzip", "snappy", "lz4", "zstd")
EVERY: Final = 50
"""One good event for so many hostile records."""
ENDED: Final = "fail_stop"
"""The log line of a worker that ends itself in doubt."""
FLAT_MB: Final = 100
"""What a worker's memory may grow by while half of the records go through it."""
CODES: Final = frozenset(map(str, ProblemCode))
Headers = list[tuple[str, bytes]]


class Seen(NamedTuple):
    """What came of it."""

    hostile: int
    good: int
    dead: int
    without_code: int
    delivered: int
    restarts: int
    grown_mb: float
    """How much the worker's memory grew from the first half to the end."""
    leaked: int
    """Log lines in which the mark stood."""
    reasons: tuple[str, ...]
    """Why the worker ended, as its log says."""

    def faults(self) -> list[str]:
        """What did not hold."""
        found = {
            "dead letters are missing": self.dead != self.hostile,
            "dead letters without a code": self.without_code > 0,
            "good events are missing": self.delivered != self.good,
            "the worker ended": self.restarts > 0,
            "the log names a person": self.leaked > 0,
            "memory is not flat": self.grown_mb > FLAT_MB,
        }
        return [name for name, so in found.items() if so]


def hostile_record(chance: random.Random) -> tuple[bytes | None, bytes | None, Headers]:
    """A record that can be no event: no type is ever one of ours."""
    value: bytes | None = chance.choice(
        (None, b"", chance.randbytes(chance.randrange(400)), *PIECES, b'{"a": %d}' % 10**400)
    )
    name = "".join(chance.choices(string.printable, k=chance.randrange(12)))
    headers: Headers = [(name, chance.randbytes(5))] * chance.choice((0, 1, 1, 400))
    if chance.random() < 0.5:
        headers.append((CONTENT_TYPE, STRUCTURED + b"+json"))
    if chance.random() < 0.5:
        texts = (b"\xff", f"{MARKER}\r\n\x1b[2J".encode(), b"", b"case-1")
        for attribute in ("id", "source", "subject", "time"):
            headers.append((f"ce_{attribute}", chance.choice(texts)))
    keys = (b"", b"\xff\x00", b"case-1", *(() if value is None else (None,)))
    return chance.choice(keys), value, headers


def play(bootstrap: str, prefix: str, folder: Path, count: int, chance: random.Random) -> Seen:
    """So many hostile records through one worker; returns when every one was judged."""
    patience_s = 300 + count / 20
    with running_worker(bootstrap, prefix, folder) as changes:
        asyncio.run(_publish(bootstrap, prefix, count // 2, chance, "first"))
        until(lambda: _are_there(bootstrap, prefix, count // 2), patience_s)
        half = _memory(changes)
        asyncio.run(_publish(bootstrap, prefix, count - count // 2, chance, "then"))
        until(lambda: _are_there(bootstrap, prefix, count), patience_s)
        good = count // 2 // EVERY + (count - count // 2) // EVERY
        until(lambda: len(_delivered(bootstrap, prefix)) >= good, 120)
        grown = _memory(changes) - half
        restarts = sum(change.status is not None for change in changes)
        letters = list(_letters(bootstrap, prefix))
        delivered = _delivered(bootstrap, prefix)
    logs = "".join(path.read_text("utf-8") for path in folder.rglob("*.log*"))
    uncoded = sum(not (set(codes) and set(codes) <= CODES) for codes in letters)
    reasons = tuple(line[:400] for line in logs.splitlines() if ENDED in line)
    leaked = logs.count(MARKER)
    done = len(letters), uncoded, len(delivered), restarts
    return Seen(count, good, *done, round(grown, 1), leaked, reasons)


async def _publish(
    bootstrap: str, prefix: str, count: int, chance: random.Random, name: str
) -> None:
    now = datetime.now(UTC)
    for turn, codec in enumerate(CODECS):
        out = AIOKafkaProducer(bootstrap_servers=bootstrap, compression_type=codec)
        await out.start()
        try:
            for number in range(turn, count, len(CODECS)):
                topic, place = prefix + chance.choice(INPUTS).name, chance.randrange(4)
                key, value, headers = hostile_record(chance)
                await out.send(topic, value, key, partition=place, headers=headers)
                if number % EVERY == 0 and number // EVERY < count // EVERY:
                    case = f"{name}-{number}"
                    asked = a_referral(at=now, id=case, on=case, service="benefit_advice")
                    good = encode(asked)
                    to = prefix + REFERRALS.name
                    await out.send(to, good.value, good.key, headers=list(good.headers))
        finally:
            await out.stop()


def _are_there(bootstrap: str, prefix: str, count: int) -> bool:
    """Whether so many dead letters lie there; they are read only once there may be enough."""
    names = [prefix + dead_topic(source).name for source in INPUTS]
    with closing(KafkaConsumer(bootstrap_servers=bootstrap)) as reader:
        places = [
            TopicPartition(name, n) for name in names for n in reader.partitions_for_topic(name)
        ]
        ends = sum(reader.end_offsets(places).values())
    return ends >= count and sum(1 for _ in _letters(bootstrap, prefix)) >= count


def _letters(bootstrap: str, prefix: str) -> Iterator[Sequence[str]]:
    for source in INPUTS:
        for _, _, record in topics.read(bootstrap, prefix + dead_topic(source).name):
            yield dict(record.headers)[PROBLEMS_HEADER].decode().split(",")


def _delivered(bootstrap: str, prefix: str) -> list[Any]:
    found = topics.read(bootstrap, f"{prefix}to.{KFB}")
    kinds = [decode(record).data.TYPE for _, _, record in found]
    return [kind for kind in kinds if kind == "referral.requested"]


def _memory(changes: Sequence[Change]) -> float:
    """Megabytes of the worker and its children."""
    (pid,) = [change.pid for change in changes if change.status is None][-1:]
    family = [psutil.Process(pid), *psutil.Process(pid).children(recursive=True)]
    return sum(one.memory_info().rss for one in family) / 1e6
