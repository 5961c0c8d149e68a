"""Looks whether everything the hub needs is there; each check returns what it found."""

import os
import re
import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from enum import StrEnum
from importlib import metadata
from pathlib import Path
from typing import Final, NamedTuple

from connectors.errors import DoorError, Later
from connectors.sql.upgrade import Steps
from hub import wiring
from hub.database_state import DESK, INBOX, pending_steps
from hub.errors import ExitCode, HubError
from hub.settings import Settings
from hub.stores.casework.beginning import whose
from hub.streaming import observation, topics
from schemas.topics import LANE_TOPICS

DISTRIBUTION: Final = "kurze-wege"
LOW_DISK_BYTES: Final = 2 * 1024**3
NO_DISK_BYTES: Final = 200 * 1024**2
COPIES_IN_PRODUCTION: Final = 3


class Health(StrEnum):
    """How a part is."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


class Check(NamedTuple):
    """What was found of one part, and what to do about it."""

    part: str
    health: Health
    found: str
    remedy: str = ""


def examine(settings: Settings) -> Iterator[Check]:
    """Every check, one after the other; never raises for what it finds."""
    yield from versions(metadata.requires(DISTRIBUTION) or ())
    yield _guarded("parties", lambda: parties(settings))
    for folder in folders(settings):
        yield writable(folder)
    yield disk(settings.data_folder)
    cluster = _guarded("broker", lambda: broker(settings))
    yield cluster
    if cluster.health is not Health.FAIL:
        yield _guarded("topics", lambda: declared_topics(settings))
        yield _guarded("workers", lambda: workers(settings))
    if settings.backoffice.parties:
        yield _guarded("database", lambda: database(settings))
    if settings.web.party:
        yield _guarded("desk", lambda: desk(settings))


def exit_code(checks: Iterable[Check]) -> ExitCode:
    """0 all is well, 1 something failed, 3 something is not as it should be."""
    found = {check.health for check in checks}
    if Health.FAIL in found:
        return ExitCode.FAILED
    return ExitCode.DRIFT if Health.WARN in found else ExitCode.OK


def _guarded(part: str, check: Callable[[], Check]) -> Check:
    try:
        return check()
    except HubError as error:
        return Check(part, Health.FAIL, str(error), error.remedy)
    except DoorError as error:
        return Check(part, Health.FAIL, str(error), "See the log of the connector.")


def versions(requirements: Iterable[str]) -> Iterator[Check]:
    """Whether the libraries pinned to one version are installed in it."""
    for required in requirements:
        pin = re.fullmatch(r"([A-Za-z0-9._-]+)==([A-Za-z0-9.]+)", required)
        if pin is None:
            continue
        name, wanted = pin.groups()
        try:
            found = metadata.version(name)
        except metadata.PackageNotFoundError:
            found = "nothing"
        remedy = "Install what uv.lock says: make setup"
        if found == wanted:
            yield Check(name, Health.OK, wanted)
        else:
            yield Check(name, Health.FAIL, f"{found} is installed, not {wanted}", remedy)


def parties(settings: Settings) -> Check:
    """Whether the registry of parties can be read."""
    file = settings.parties or "the one that comes with the hub"
    return Check("parties", Health.OK, f"{len(wiring.parties(settings).party)} in {file}")


def folders(settings: Settings) -> tuple[Path, ...]:
    """The folders the hub writes into."""
    return settings.data_folder, settings.file_drop.root


def writable(folder: Path) -> Check:
    """Whether the folder can be written, or made where it is not there yet."""
    part = f"folder {folder}"
    there = next(one for one in (folder, *folder.absolute().parents) if one.exists())
    if not there.is_dir():
        return Check(
            part, Health.FAIL, f"{there} is a file", "Move it away, or set another folder."
        )
    if not os.access(there, os.W_OK | os.X_OK):
        remedy = f"Let the hub's user write into {there}, or set another folder."
        return Check(part, Health.FAIL, "cannot be written", remedy)
    return Check(part, Health.OK, "can be written" if there == folder else "can be made")


def disk(folder: Path, low: int = LOW_DISK_BYTES, none: int = NO_DISK_BYTES) -> Check:
    """Whether the disk under the folder has room, in bytes."""
    there = next(one for one in (folder, *folder.absolute().parents) if one.exists())
    free = shutil.disk_usage(there).free
    health = Health.FAIL if free < none else Health.WARN
    found = f"{free / 1024**3:.1f} GiB free"
    if free >= low:
        return Check("disk", Health.OK, found)
    return Check("disk", health, found, "Make room, or set data_folder to another disk.")


def broker(settings: Settings) -> Check:
    """Whether Kafka answers, and whether it has as many brokers as there could be copies."""
    seen = observation.see_cluster(settings.kafka.kafka_python())
    found = f"Kafka {seen.version} at {', '.join(seen.brokers)}"
    could = min(len(seen.brokers), COPIES_IN_PRODUCTION)
    if settings.replication < could:
        remedy = f"Set replication to {could}."
        what = f"{found}, but each record lies on {settings.replication} only"
        return Check("broker", Health.WARN, what, remedy)
    return Check("broker", Health.OK, found)


def declared_topics(settings: Settings) -> Check:
    """Whether the topics are as declared."""
    declared = wiring.declared_topics(settings)
    connection = settings.kafka.kafka_python()
    plan = topics.plan(connection, declared, settings.topic_prefix, settings.replication)
    if plan.is_empty:
        return Check("topics", Health.OK, f"{len(declared)} as declared")
    differ = len(declared) - len(plan.as_declared)
    return Check("topics", Health.WARN, f"{differ} differ", "See them: hub topics plan")


def workers(settings: Settings) -> Check:
    """Whether workers run and own every partition that events come in on."""
    seen = observation.see_group(settings.kafka.kafka_python(), wiring.group(settings))
    if not seen.members:
        return Check("workers", Health.WARN, "none runs", "Start one: hub worker")
    wanted = {
        (settings.topic_prefix + topic.name, partition)
        for topic in LANE_TOPICS
        for partition in range(topic.partitions)
    }
    found = f"{seen.members} with {len(seen.partitions & wanted)} of {len(wanted)} lanes"
    if wanted - seen.partitions:
        remedy = "Wait until the group is stable; if it stays so, see the workers' logs."
        return Check("workers", Health.WARN, f"{found}, group {seen.state}", remedy)
    return Check("workers", Health.OK, found)


def database(settings: Settings) -> Check:
    """Whether the inbox's database answers and has the newest tables."""
    url = settings.backoffice.database.get_secret_value()
    where, start = "backoffice.database", "hub connect backoffice"
    return _tables("database", url, INBOX, where, start)


def desk(settings: Settings) -> Check:
    """Whether the back office's database answers, is this party's, and has the newest tables."""
    party, url = settings.web.party, settings.web.database.get_secret_value()
    found = _tables("desk", url, DESK, "web.database", f"hub web --party {party}")
    if found.health is Health.OK and (other := whose(url)) != party:
        remedy = "Give each party a database of its own: web.database."
        return Check("desk", Health.FAIL, f"it is the desk of {other or 'nobody'}", remedy)
    return found


def _tables(part: str, url: str, kept: Sequence[Steps], where: str, start: str) -> Check:
    """Whether a database answers and has the newest of these tables."""
    try:
        pending = pending_steps(url, kept)
    except Later as away:
        return Check(part, Health.FAIL, away.why, f"Start it, or correct {where}.")
    if pending:
        found = f"{pending} steps behind the newest tables"
        return Check(part, Health.WARN, found, f"Start it: {start}")
    return Check(part, Health.OK, "answers, and has the newest tables")
