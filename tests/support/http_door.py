"""An HTTP door for tests: its options, events to send, a publish that remembers, a server."""

import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import httpx

from connectors.base import Publish
from connectors.callers.credentials import Credential
from connectors.callers.entrance import Entrance
from connectors.callers.tokens import digest
from connectors.http_api.app import create_app
from connectors.http_api.options import Options
from connectors.http_api.serve import serve
from connectors.safe_headers import SafeHeaders
from schemas.data import Data
from schemas.envelope import Event
from tests.support.callers import entrance_for, entrance_of

EPPERTSHAUSEN = "06432005"
TOKEN = "invented-token-of-eppertshausen-0123456789"
KFB_TOKEN = "invented-token-of-the-jobcenter-0123456789"
ENTRANCE = entrance_for({TOKEN: EPPERTSHAUSEN, KFB_TOKEN: "kfb"})
AUTHORISED = {"Authorization": f"Bearer {TOKEN}"}
STRUCTURED = {**AUTHORISED, "Content-Type": "application/cloudevents+json"}
BATCH = {**AUTHORISED, "Content-Type": "application/cloudevents-batch+json"}


def door_options(**changes: object) -> Options:
    """Options with one token for Eppertshausen and one for the jobcenter."""
    tokens = {digest(TOKEN): EPPERTSHAUSEN, digest(KFB_TOKEN): "kfb"}
    return Options.model_validate({"port": 0, "tokens": tokens, **changes})


def an_event(event_id: str = "e-1", **changes: object) -> dict[str, Any]:
    """A referral of Eppertshausen in structured mode; a change to None takes a member out."""
    event: dict[str, Any] = {
        "specversion": "1.0",
        "type": "referral.requested.v1",
        "source": f"//kurze-wege/{EPPERTSHAUSEN}/sozialamt",
        "id": event_id,
        "subject": "case-0001",
        "time": "2024-03-05T09:30:00Z",
        "purpose": "municipal-services",
        "legalbasis": "sgb2-16a",
        "dataclassification": "social",
        "data": {
            "client": {
                "client_id": "c-4711",
                "family_name": "Beispiel",
                "given_names": "Ute",
                "birth_date": "1980-02-29",
                "ags": EPPERTSHAUSEN,
            },
            "service": "debt_counselling",
            "wished_place": "town_hall",
            "first_received_at": "2024-03-05T09:00:00Z",
            "first_received_by": EPPERTSHAUSEN,
        },
    } | changes
    return {name: value for name, value in event.items() if value is not None}


def _entrance(options: Options) -> Entrance:
    known = (Credential(key, party) for key, party in options.tokens.items())
    return entrance_of(*known)


class Remembered:
    """A publish that keeps what it was given, call by call."""

    def __init__(self) -> None:
        """Nothing was published yet."""
        self.calls: list[Sequence[Event[Data]]] = []

    def __call__(self, events: Sequence[Event[Data]]) -> None:
        """Acknowledge at once."""
        self.calls.append(events)

    @property
    def ids(self) -> list[str]:
        """The ids of all events, in order."""
        return [event.context.id for call in self.calls for event in call]


def client_of(publish: Publish, **changes: object) -> httpx.AsyncClient:
    """A client that calls the application with its headers, without a server between."""
    options = door_options(**changes)
    app = create_app(options, publish, _entrance(options), time.monotonic)
    transport = httpx.ASGITransport(SafeHeaders(app))
    return httpx.AsyncClient(transport=transport, base_url="http://door.invalid")


@contextmanager
def a_running_door(publish: Publish, **changes: object) -> Iterator[int]:
    """A real server on a free port of this machine; hands out the port."""
    stop = threading.Event()
    opened = threading.Event()
    ports: list[int] = []

    def ready(port: int) -> None:
        ports.append(port)
        opened.set()

    options = door_options(**changes)
    thread = threading.Thread(
        target=serve, args=(options, publish, _entrance(options), time.monotonic, stop, ready)
    )
    thread.start()
    try:
        assert opened.wait(20), "the door did not open"
        yield ports[0]
    finally:
        stop.set()
        thread.join(40)
        assert not thread.is_alive(), "the door did not close"
