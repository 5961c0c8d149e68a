"""Kafka away for minutes: requests wait, others are sent away at once, memory is bounded."""

import asyncio
import threading
from collections.abc import Sequence

from schemas.data import Data
from schemas.envelope import Event
from tests.support.http_door import STRUCTURED, an_event, client_of


async def test_too_many_waiting_requests_are_sent_away_at_once() -> None:
    """Above the bound of open requests the answer is 503 without waiting; others go through."""
    entered, back = threading.Event(), threading.Event()

    def away(events: Sequence[Event[Data]]) -> None:  # noqa: ARG001 - nothing is taken
        entered.set()
        assert back.wait(20)

    async with client_of(away, max_open_requests=3, retry_after_s=4) as client:

        async def post(event_id: str) -> int:
            answer = await client.post("/events", json=an_event(event_id), headers=STRUCTURED)
            return answer.status_code

        waiting = [asyncio.create_task(post(f"e-{n}")) for n in range(3)]
        assert await asyncio.to_thread(entered.wait, 20)
        answer = await client.post("/events", json=an_event("e-9"), headers=STRUCTURED)
        assert answer.status_code == 503
        assert answer.headers["retry-after"] == "4"
        assert answer.json()["problems"][0]["code"] == "busy"
        back.set()

        assert await asyncio.gather(*waiting) == [202, 202, 202]
        assert await post("e-9") == 202


async def test_refused_requests_give_their_place_back() -> None:
    """A refusal does not use up a place for good."""
    async with client_of(lambda _: None, max_open_requests=1) as client:
        for _ in range(5):
            answer = await client.post("/events", content=b"{", headers=STRUCTURED)
            assert answer.status_code == 400
        answer = await client.post("/events", json=an_event(), headers=STRUCTURED)

    assert answer.status_code == 202


async def test_acknowledgement_that_does_not_come_ends_in_later() -> None:
    """Without an acknowledgement in time the answer is 503, never 202."""
    back = threading.Event()

    def never(events: Sequence[Event[Data]]) -> None:  # noqa: ARG001 - nothing is taken
        assert back.wait(20)

    async with client_of(never, publish_timeout_s=0.1, retry_after_s=2) as client:
        answer = await client.post("/events", json=an_event(), headers=STRUCTURED)
    back.set()

    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "2"
    assert answer.json()["problems"][0]["code"] == "not-acknowledged"
