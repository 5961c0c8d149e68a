"""One party may not use up what is everybody's: bytes, places, and its own limits."""

import asyncio
import json
import threading
from collections.abc import Sequence

import pytest
from pydantic import ValidationError

from connectors.http_api.options import Options
from schemas.data import Data
from schemas.envelope import Event
from tests.support.http_door import (
    BATCH,
    KFB_TOKEN,
    STRUCTURED,
    Remembered,
    an_event,
    client_of,
)

KFB = STRUCTURED | {"Authorization": f"Bearer {KFB_TOKEN}"}
SMALLEST = 65_536


def of_kfb(event_id: str) -> dict[str, object]:
    """An event of the other party."""
    return an_event(event_id, source="//kurze-wege/kfb/akte")


async def test_bytes_are_counted_too() -> None:
    """After one heavy body the party waits, though it sent one event; the other one does not."""
    heavy = json.dumps(an_event("a")) + " " * SMALLEST
    async with client_of(Remembered(), bytes_per_minute=SMALLEST) as client:
        first = await client.post("/events", content=heavy, headers=STRUCTURED)
        second = await client.post("/events", json=an_event("b"), headers=STRUCTURED)
        other = await client.post("/events", json=of_kfb("c"), headers=KFB)

    assert [one.status_code for one in (first, second, other)] == [202, 429, 202]
    assert second.json()["problems"][0]["code"] == "rate-exceeded"
    assert 1 <= int(second.headers["retry-after"]) <= 60


async def test_a_party_may_have_limits_of_its_own() -> None:
    """A party that sends much more is given room, and nobody else."""
    batch = [an_event(str(n)) for n in range(5)]
    limits = {"events_per_minute": 5, "max_batch": 5, "party_limits": {"06432005": {}}}
    own = limits | {"party_limits": {"06432005": {"events_per_minute": 10}}}
    for given, expected in ((limits, [202, 429]), (own, [202, 202])):
        async with client_of(Remembered(), **given) as client:
            answers = [await client.post("/events", json=batch, headers=BATCH) for _ in range(2)]
        assert [one.status_code for one in answers] == expected


async def test_a_burst_is_bounded() -> None:
    """Of a minute's events only those of the burst come at once."""
    limits = {"events_per_minute": 60, "burst_s": 2, "max_batch": 2}
    async with client_of(Remembered(), **limits) as client:
        answers = [
            (await client.post("/events", json=an_event(str(n)), headers=STRUCTURED)).status_code
            for n in range(3)
        ]

    assert answers == [202, 202, 429]


async def test_one_party_leaves_places_for_others() -> None:
    """Of those worked on at once a part is a party's: beyond it is told so, another comes in."""
    entered, acknowledged = threading.Event(), threading.Event()

    def slow(events: Sequence[Event[Data]]) -> None:  # noqa: ARG001 - all are acknowledged
        entered.set()
        assert acknowledged.wait(60)

    async with client_of(slow, max_open_per_party=2, max_open_requests=3) as client:
        open_ones = [
            asyncio.create_task(client.post("/events", json=an_event(str(n)), headers=STRUCTURED))
            for n in range(2)
        ]
        assert await asyncio.to_thread(entered.wait, 60)
        third = await client.post("/events", json=an_event("third"), headers=STRUCTURED)
        other = asyncio.create_task(client.post("/events", json=of_kfb("other"), headers=KFB))
        await asyncio.sleep(0)
        acknowledged.set()
        answers = [await one for one in (*open_ones, other)]
        again = await client.post("/events", json=an_event("third"), headers=STRUCTURED)

    assert third.status_code == 429
    assert third.json()["problems"][0]["code"] == "too-many-open"
    assert third.headers["retry-after"] == "5"
    assert [one.status_code for one in (*answers, again)] == [202, 202, 202, 202]


@pytest.mark.parametrize(
    "changes",
    [
        {"party_limits": {"kfb": {"events_per_minute": 99}}},
        {"burst_s": 1, "events_per_minute": 5_940},
        {"party_limits": {"kfb": {"events_per_minute": 0}}},
        {"party_limits": {"kfb": {"everything": 1}}},
        {"party_limits": {"Kfb!": {}}},
    ],
)
def test_limits_that_make_no_sense_are_refused(changes: dict[str, object]) -> None:
    """A full batch must fit into what may come at once, of every party."""
    with pytest.raises(ValidationError):
        Options.model_validate(changes)
