"""The hub's HTTP door as a process, with a token for every party."""

import json
import sys
import time
from typing import Final

from connectors.callers.tokens import digest
from hub.broker.ports import HOST, accepts, free
from hub.keeper import Child
from tests.bench.contender import Running
from tests.bench.load import token
from tests.bench.progress import NotFinished
from tests.bench.stage import Stage

OPENS_WITHIN_S: Final = 60
NO_LIMIT: Final = 10_000_000
"""Events a party may send in a minute: the default protects a hub and is not measured here."""


def open_door(started: Running, stage: Stage) -> str:
    """Start it beside what runs; returns its address once it answers."""
    port = free(1)[0]
    started.start(_child(stage, port), stage.folder)
    end = time.monotonic() + OPENS_WITHIN_S
    while not accepts(port):
        started.check()
        if time.monotonic() > end:
            raise NotFinished(f"the door did not open within {OPENS_WITHIN_S} s")
        time.sleep(0.1)
    return f"http://{HOST}:{port}"


def _child(stage: Stage, port: int) -> Child:
    return Child(
        "door",
        [sys.executable, "-m", "hub", "connect", "http_api"],
        {
            "HUB_KAFKA__BOOTSTRAP": stage.bootstrap,
            "HUB_TOPIC_PREFIX": stage.prefix,
            "HUB_HTTP_API__PORT": str(port),
            "HUB_HTTP_API__TOKENS": json.dumps(
                {digest(token(party)): party for party in stage.parties}
            ),
            "HUB_HTTP_API__EVENTS_PER_MINUTE": str(NO_LIMIT),
            "HUB_HTTP_API__REQUESTS_PER_MINUTE": str(NO_LIMIT),
            "HUB_HTTP_API__BYTES_PER_MINUTE": str(NO_LIMIT * 1024),
            "HUB_HTTP_API__MAX_OPEN_PER_PARTY": "128",
            "NO_COLOR": "1",
        },
    )
