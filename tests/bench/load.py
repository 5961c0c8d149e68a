"""Sends events at a steady rate, as a process of its own, and notes when each was answered.

By HTTP to the hub's door, one event a request on connections kept alive, or straight to the
input topic. Several are under way at once; when all are, the next is late, and that is noted.
"""

import argparse
import asyncio
import json
import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from aiokafka import AIOKafkaProducer

from tests.bench.events import Events, partition
from tests.support.district import PARTIES

UNDER_WAY: Final = 32
LEAD_S: Final = 0.5
OVERTIME_S: Final = 2.0
"""So long after the last was due no more are sent: whoever is behind stays behind."""
ACCEPTED: Final = b"202"
Deliver = Callable[[int], Awaitable[None]]
"""Sends one event and returns when it was answered."""
Row = tuple[float, float, float]
"""When the event was due, when it was sent, when it was answered: monotonic seconds."""


def token(party: str) -> str:
    """The invented token of a party."""
    return f"invented-token-of-{party}-0123456789"


async def send_all(deliver: Sequence[Deliver], rate: float, count: int) -> list[Row]:
    """Send events from 0 on, `count` at most, each when it is due; a row for each that was sent."""
    rows: dict[int, Row] = {}
    numbers = iter(range(count))
    begin = time.monotonic() + LEAD_S
    end = begin + count / rate + OVERTIME_S

    async def work(one: Deliver) -> None:
        while time.monotonic() < end and (number := next(numbers, None)) is not None:
            due = begin + number / rate
            await asyncio.sleep(max(0.0, due - time.monotonic()))
            sent = time.monotonic()
            await one(number)
            rows[number] = (due, sent, time.monotonic())

    await asyncio.gather(*(work(one) for one in deliver))
    return [rows[number] for number in range(len(rows))]


async def by_http(events: Events, host: str, port: int) -> Deliver:
    """A connection to the door."""
    reader, writer = await asyncio.open_connection(host, port)

    async def deliver(number: int) -> None:
        writer.write(request(events, number))
        head = await reader.readuntil(b"\r\n\r\n")
        lines = head.lower().split(b"\r\n")
        length = next((line[15:] for line in lines if line.startswith(b"content-length:")), b"0")
        said = await reader.readexactly(int(length))
        if head.split(b" ", 2)[1] != ACCEPTED:
            raise RuntimeError(f"{head.decode()}{said.decode()}")

    return deliver


def request(events: Events, number: int) -> bytes:
    """The event in CloudEvents' binary mode."""
    record = events.record(number)
    headers = [(name.replace("ce_", "ce-"), value.decode()) for name, value in record.headers]
    headers += [
        ("host", "door.invalid"),
        ("authorization", f"Bearer {token(events.sender(number))}"),
        ("content-length", str(len(record.value or b""))),
    ]
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers)
    return f"POST /events HTTP/1.1\r\n{lines}\r\n".encode() + (record.value or b"")


def by_kafka(events: Events, producer: Any, topic: str) -> Deliver:  # noqa: ANN401 - untyped
    """The input topic itself; answered when the broker has it."""

    async def deliver(number: int) -> None:
        record = events.record(number)
        place = partition(record.key or b"")
        await producer.send_and_wait(
            topic, record.value, record.key, headers=list(record.headers), partition=place
        )

    return deliver


async def main(to: str, topic: str, rate: float, count: int, at: datetime) -> list[Row]:
    """Send to `http://host:port` or to a topic at `kafka://host:port`."""
    events = Events(PARTIES, at)
    address = urlsplit(to)
    if address.scheme == "http":
        host, port = address.hostname or "", address.port or 0
        doors = [await by_http(events, host, port) for _ in range(UNDER_WAY)]
        return await send_all(doors, rate, count)
    async with AIOKafkaProducer(bootstrap_servers=address.netloc, acks="all") as producer:
        return await send_all([by_kafka(events, producer, topic)] * UNDER_WAY, rate, count)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--to", required=True)
    parser.add_argument("--topic", required=True)
    parser.add_argument("--rate", type=float, required=True)
    parser.add_argument("--count", type=int, required=True)
    parser.add_argument("--at", type=datetime.fromisoformat, required=True)
    parser.add_argument("--out", type=Path, required=True)
    told = vars(parser.parse_args())
    out = told.pop("out")
    out.write_text(json.dumps(asyncio.run(main(**told))), "ascii")
