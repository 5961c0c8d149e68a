"""What the monitor remembers from one poll to the next, and over a restart."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final, NamedTuple

from pydantic import TypeAdapter

from hub.monitor.holding import Held
from hub.monitor.incidents import Incident
from hub.monitor.look import Place
from hub.monitor.probed import Probed
from hub.monitor.track import Track

FORMAT: Final = 1


class Notice(NamedTuple):
    """An incident that was opened, or closed, and must be told."""

    incident: Incident
    opened: bool


class Stuck(NamedTuple):
    """A last stable offset that does not move while records lie behind it."""

    stable: int
    since: datetime


class Memory(NamedTuple):
    """All of it; `{}` everywhere before the first poll."""

    tracks: Mapping[tuple[str, Place], Track] = {}
    """By group and partition."""
    stuck: Mapping[Place, Stuck] = {}
    offline: Mapping[Place, Held] = {}
    blind: Held | None = None
    incidents: tuple[Incident, ...] = ()
    untold: Mapping[str, tuple[Notice, ...]] = {}
    """By channel, what it could not tell yet, in order."""
    probed: tuple[Probed, ...] = ()
    """What became of the newest probes."""


class _Kept(NamedTuple):
    """The memory as JSON has it: without keys that are no strings."""

    format: int
    tracks: list[tuple[str, Place, Track]]
    stuck: list[tuple[Place, Stuck]]
    offline: list[tuple[Place, Held]]
    blind: Held | None
    incidents: tuple[Incident, ...]
    untold: dict[str, tuple[Notice, ...]]
    probed: tuple[Probed, ...] = ()


_ADAPTER: Final = TypeAdapter(_Kept)


def dump(memory: Memory) -> bytes:
    """As JSON."""
    kept = _Kept(
        format=FORMAT,
        tracks=[(group, place, track) for (group, place), track in memory.tracks.items()],
        stuck=list(memory.stuck.items()),
        offline=list(memory.offline.items()),
        blind=memory.blind,
        incidents=memory.incidents,
        untold=dict(memory.untold),
        probed=memory.probed,
    )
    return _ADAPTER.dump_json(kept)


def load(text: bytes) -> Memory:
    """From JSON; raises ValueError if it is not what `dump` writes now."""
    kept = _ADAPTER.validate_python(_checked(json.loads(text)))
    return Memory(
        tracks={(group, place): track for group, place, track in kept.tracks},
        stuck=dict(kept.stuck),
        offline=dict(kept.offline),
        blind=kept.blind,
        incidents=kept.incidents,
        untold=kept.untold,
        probed=kept.probed,
    )


def _checked(found: Any) -> Any:  # noqa: ANN401 - any JSON value
    number = found[0] if isinstance(found, list) and found else None
    if number != FORMAT:
        raise ValueError("it was written by another version")
    return found
