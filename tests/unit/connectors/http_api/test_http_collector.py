"""What gathers while one flush runs is the next; nobody waits for ever, nobody is forgotten."""

import asyncio
import threading
from collections.abc import Sequence

import pytest

from connectors.callers.entrance import Caller
from connectors.errors import Later
from connectors.http_api.admission import admit
from connectors.http_api.collector import MAX_FLUSH, Collector
from connectors.http_api.json_format import from_json_value
from schemas.data import Data
from schemas.envelope import Event
from tests.support.http_door import EPPERTSHAUSEN, Remembered, an_event

Events = Sequence[Event[Data]]


def some(*ids: str) -> list[Event[Data]]:
    """Events with these ids."""
    return admit(
        [from_json_value(an_event(name)) for name in ids], Caller(EPPERTSHAUSEN), batch=True
    )


class Gate(Remembered):
    """A publish that waits until it is opened."""

    def __init__(self) -> None:
        """Shut."""
        super().__init__()
        self.entered = threading.Event()
        self.open = threading.Event()

    def __call__(self, events: Events) -> None:
        """Acknowledge once open."""
        self.entered.set()
        assert self.open.wait(20)
        super().__call__(events)


async def until_entered(gate: Gate) -> None:
    """Wait until a flush has reached Kafka's side of the gate."""
    assert await asyncio.to_thread(gate.entered.wait, 20)


async def test_gathered_requests_share_one_flush() -> None:
    """While one flush runs the others gather, and go in one call in the order they came."""
    gate = Gate()
    collector = Collector(gate, timeout_s=20, retry_after_s=1)
    first = asyncio.create_task(collector.publish(some("a")))
    await until_entered(gate)
    rest = [asyncio.create_task(collector.publish(some(name))) for name in "bcd"]
    await asyncio.sleep(0)
    gate.open.set()

    await asyncio.gather(first, *rest)

    assert [len(call) for call in gate.calls] == [1, 3]
    assert gate.ids == ["a", "b", "c", "d"]
    await collector.close()


async def test_answer_comes_after_the_acknowledgement() -> None:
    """A request is not answered while Kafka has not acknowledged."""
    gate = Gate()
    collector = Collector(gate, timeout_s=20, retry_after_s=1)
    request = asyncio.create_task(collector.publish(some("a")))
    await until_entered(gate)

    assert not request.done()
    gate.open.set()
    await request
    await collector.close()


async def test_flush_is_bounded_and_no_request_is_split() -> None:
    """Large requests go one by one, each whole."""
    gate = Gate()
    collector = Collector(gate, timeout_s=20, retry_after_s=1)
    [event] = some("a")
    sizes = [1, MAX_FLUSH - 1, 1, 1, MAX_FLUSH + 1]
    requests = [asyncio.create_task(collector.publish([event] * sizes[0]))]
    await until_entered(gate)
    requests += [asyncio.create_task(collector.publish([event] * size)) for size in sizes[1:]]
    await asyncio.sleep(0)
    gate.open.set()

    await asyncio.gather(*requests)

    assert [len(call) for call in gate.calls] == [1, MAX_FLUSH, 1, MAX_FLUSH + 1]
    await collector.close()


async def test_who_waits_too_long_is_told_later_and_forgotten() -> None:
    """In an outage a request ends in time, holds no memory, and is not published afterwards."""
    gate = Gate()
    collector = Collector(gate, timeout_s=0.2, retry_after_s=9)
    stuck = asyncio.create_task(collector.publish(some("a")))
    await until_entered(gate)

    with pytest.raises(Later) as later:
        await collector.publish(some("b"))
    assert later.value.retry_after_s == 9
    with pytest.raises(Later):
        await stuck
    gate.open.set()
    await collector.publish(some("c"))

    assert gate.ids == ["a", "c"]
    await collector.close()


async def test_later_reaches_every_request_of_the_flush() -> None:
    """When Kafka is away all are told, and the next request is tried anew."""
    answers: list[Exception | None] = [Later(3, "away"), None]

    def publish(events: Events) -> None:  # noqa: ARG001 - nothing is taken
        answer = answers.pop(0)
        if answer:
            raise answer

    collector = Collector(publish, timeout_s=20, retry_after_s=1)
    outcome = await asyncio.gather(
        collector.publish(some("a")), collector.publish(some("b")), return_exceptions=True
    )

    assert [type(said) for said in outcome] == [Later, Later]
    await collector.publish(some("c"))
    await collector.close()


async def test_fault_of_one_request_is_not_the_answer_to_others() -> None:
    """A flush that fails on one request's event is tried request by request."""
    published = Remembered()

    def publish(events: Events) -> None:
        if any(event.context.id == "poison" for event in events):
            raise KeyError
        published(events)

    collector = Collector(publish, timeout_s=20, retry_after_s=1)
    outcome = await asyncio.gather(
        *(collector.publish(some(name)) for name in ("a", "poison", "b")),
        return_exceptions=True,
    )

    assert [type(said) for said in outcome] == [type(None), KeyError, type(None)]
    assert published.ids == ["a", "b"]
    await collector.close()


async def test_close_waits_for_the_running_flush() -> None:
    """What is on its way when the door closes is still answered."""
    gate = Gate()
    collector = Collector(gate, timeout_s=20, retry_after_s=1)
    request = asyncio.create_task(collector.publish(some("a")))
    await until_entered(gate)
    closing = asyncio.create_task(collector.close())
    await asyncio.sleep(0)
    gate.open.set()

    await closing
    await request
    assert gate.ids == ["a"]
