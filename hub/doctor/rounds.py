"""Looks whether everything the hub needs is there; each check returns what it found."""

from collections.abc import Iterator
from datetime import datetime

from hub import wiring
from hub.doctor import cluster, connectors, databases, files, folders, installed, rights, signing
from hub.doctor.check import Check, Health, guarded
from hub.doctor.collector import PART, collector
from hub.doctor.watchman import monitor
from hub.settings import Settings


def examine(settings: Settings, now: datetime) -> Iterator[Check]:
    """Every check, one after the other; never raises for what it finds."""
    yield from installed.versions(installed.pinned())
    yield given(settings)
    yield guarded("parties", lambda: parties(settings))
    yield from files.of(settings, now)
    yield from signing.of(settings, now)
    yield from folders.of(settings)
    answer = guarded("broker", lambda: cluster.broker(settings))
    yield answer
    broker_answers = answer.health is not Health.FAIL
    if broker_answers:
        yield from cluster.of(settings, now)
        yield from rights.of(settings)
    yield from databases.of(settings)
    yield from connectors.of(settings, now, broker_answers=broker_answers)
    yield monitor(settings)
    yield guarded(PART, lambda: collector(settings))


def given(settings: Settings) -> Check:
    """Where the settings come from; that they can be used shows in that we are here."""
    if settings.config.is_file():
        return Check("settings", Health.OK, f"{settings.config} and the environment can be used")
    return Check("settings", Health.OK, f"no file {settings.config}; the environment can be used")


def parties(settings: Settings) -> Check:
    """Whether the registry of parties can be read."""
    file = settings.parties or "the one that comes with the hub"
    return Check("parties", Health.OK, f"{len(wiring.parties(settings).party)} in {file}")
