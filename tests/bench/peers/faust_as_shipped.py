"""Faust as shipped: a plain agent, `at_least_once`, event by event, as its documentation shows."""

import sys
import tempfile
from typing import Any

import faust

from tests.bench.peers.routing import Told, told


def create(said: Told, folder: str) -> Any:  # noqa: ANN401 - Faust has no types
    """The app with its one agent."""
    app: Any = faust.App(
        said.group,
        broker=f"kafka://{said.bootstrap}",
        key_serializer="raw",
        value_serializer="raw",
        consumer_auto_offset_reset="earliest",
        broker_max_poll_records=said.batch,
        topic_disable_leader=True,
        web_enabled=False,
        autodiscover=False,
        producer_acks=-1,
        datadir=folder,
    )
    raw = {"key_type": bytes, "value_type": bytes}
    source = app.topic(said.source, **raw)
    destinations = {name: app.topic(name, **raw) for name in said.destinations}

    async def route(events: Any) -> None:  # noqa: ANN401 - the same
        async for event in events.events():
            headers = [*event.headers.items()] if event.headers else []
            topic = said.destination(event.key, event.value, headers)
            await destinations[topic].send(key=event.key, value=event.value, headers=event.headers)

    app.agent(source)(route)
    return app


if __name__ == "__main__":
    command_line = told()
    sys.argv = [sys.argv[0], "worker", "--loglevel", "warn"]
    with tempfile.TemporaryDirectory() as scratch:
        create(command_line, scratch).main()
