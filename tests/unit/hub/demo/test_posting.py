"""Posting to the real HTTP door, as the parties' systems do."""

import json
import threading
from collections.abc import Sequence
from typing import Any, Literal

import pytest

from connectors.errors import Later
from hub.demo.errors import Interrupted
from hub.demo.posting import Poster
from hub.demo.sample import Place, Post
from schemas.data import Data
from schemas.envelope import Event
from tests.support.http_door import (
    EPPERTSHAUSEN,
    TOKEN,
    Remembered,
    a_running_door,
    an_event,
)


def _post(mode: Literal["structured", "binary", "batch"], *events: dict[str, Any]) -> Post:
    written = tuple(json.loads(json.dumps(event)) for event in events)
    return Post(5, EPPERTSHAUSEN, 0, mode, written)


def _poster(port: int, stop: threading.Event | None = None) -> Poster:
    return Poster(port, {EPPERTSHAUSEN: TOKEN}, stop or threading.Event())


def test_all_modes_arrive() -> None:
    """Structured, binary and batch reach the door over one connection."""
    published = Remembered()
    with a_running_door(published) as port:
        poster = _poster(port)
        assert poster.post(_post("structured", an_event("e-1"))) == {}
        assert poster.post(_post("binary", an_event("e-2"))) == {}
        assert poster.post(_post("batch", an_event("e-3"), an_event("e-4"))) == {}
        poster.close()
    assert published.ids == ["e-1", "e-2", "e-3", "e-4"]


def test_refusal_is_noted_with_its_place() -> None:
    """What the door refuses comes back with its codes and the line of the post."""
    with a_running_door(Remembered()) as port:
        poster = _poster(port)
        refused = poster.post(_post("structured", an_event(legalbasis=None)))
        poster.close()
    assert refused == {Place("posts.jsonl", 5): {"legal-basis-missing"}}


def test_comes_again_when_told_to() -> None:
    """An event for which the door had no acknowledgement is sent again until it has one."""
    published = Remembered()
    refusals = iter([True, False])

    def publish(events: Sequence[Event[Data]]) -> None:
        if next(refusals):
            raise Later(0.1, "not now")
        published(events)

    with a_running_door(publish, retry_after_s=1, publish_timeout_s=2) as port:
        poster = _poster(port)
        assert poster.post(_post("structured", an_event("e-1"))) == {}
        poster.close()
    assert published.ids == ["e-1"]


def test_stop_ends_the_coming_again() -> None:
    """A door that does not answer is not tried for ever once a stop is asked for."""
    stop = threading.Event()
    stop.set()
    with pytest.raises(Interrupted):
        _poster(1, stop).post(_post("structured", an_event()))
