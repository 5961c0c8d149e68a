"""The broker: it answers, its clock and disks, its topics, and the workers on it."""

import ssl
from collections.abc import Iterator
from datetime import datetime
from typing import Final

from hub import wiring
from hub.doctor import folders
from hub.doctor.check import Check, Health, guarded
from hub.doctor.files import certificates
from hub.errors import HubError
from hub.settings import Settings
from hub.streaming import observation, topics
from hub.streaming.observation import DiskSeen
from schemas.topics import LANE_TOPICS

COPIES_IN_PRODUCTION: Final = 3
OLDEST: Final = 4
"""Kafka's first version with the transactions that lanes speak."""
CLOCK_WARN_S: Final = 5.0
CLOCK_FAIL_S: Final = 300.0
"""An event whose time lies so far ahead is refused."""
ANSWER_WITHIN_S: Final = 5.0


def of(settings: Settings, now: datetime) -> Iterator[Check]:
    """What is asked of a broker that answers."""
    if settings.kafka.security_protocol.endswith("SSL"):
        yield served_certificate(settings.kafka.bootstrap, now)
    yield guarded("clock", lambda: clock(settings))
    yield from disks(settings)
    yield guarded("topics", lambda: declared_topics(settings))
    yield guarded("workers", lambda: workers(settings))


def broker(settings: Settings) -> Check:
    """Whether Kafka answers, is new enough, and keeps as many copies as there could be."""
    seen = observation.see_cluster(settings.kafka.kafka_python())
    found = f"Kafka {seen.version} at {', '.join(seen.brokers)}"
    if int(seen.version.partition(".")[0]) < OLDEST:
        return Check("broker", Health.FAIL, found, f"Run Apache Kafka {OLDEST}.0 or newer.")
    could = min(len(seen.brokers), COPIES_IN_PRODUCTION)
    if settings.replication < could:
        remedy = f"Set replication to {could}."
        what = f"{found}, but each record lies on {settings.replication} only"
        return Check("broker", Health.WARN, what, remedy)
    return Check("broker", Health.OK, found)


def served_certificate(bootstrap: str, now: datetime) -> Check:
    """How long the certificate is good that the first broker shows."""
    part, where = "certificate of the broker", bootstrap.partition(",")[0].strip()
    host, _, port = where.rpartition(":")
    try:
        shown = ssl.get_server_certificate((host.strip("[]"), int(port)), timeout=ANSWER_WITHIN_S)
    except (OSError, ValueError) as error:
        remedy = "See whether it speaks TLS there; set kafka.bootstrap and security_protocol."
        return Check(part, Health.FAIL, f"{where}: {type(error).__name__}", remedy)
    return certificates(part, where, shown.encode(), now)


def clock(settings: Settings) -> Check:
    """Whether this machine's clock and the broker's agree."""
    seen = observation.see_clock(settings.kafka.kafka_python())
    if seen is None:
        found = "not compared: this user may not describe the cluster"
        return Check("clock", Health.OK, found)
    apart = max(0.0, abs(seen.ahead_s) - seen.within_s)
    word = "ahead of" if seen.ahead_s > 0 else "behind"
    found = f"the broker's is {abs(seen.ahead_s):.1f} s {word} this machine's"
    if apart < CLOCK_WARN_S:
        return Check("clock", Health.OK, f"as the broker's, within {apart + seen.within_s:.1f} s")
    health = Health.FAIL if apart >= CLOCK_FAIL_S else Health.WARN
    return Check("clock", health, found, "Let a time service (NTP) set both clocks.")


def disks(settings: Settings) -> Iterator[Check]:
    """Whether the brokers have room, as far as this user may know."""
    try:
        seen = observation.see_disks(settings.kafka.kafka_python())
    except HubError as error:
        yield Check("disk of the broker", Health.FAIL, str(error), error.remedy)
        return
    yield from map(_disk, seen)


def _disk(seen: DiskSeen) -> Check:
    part = f"disk of broker {seen.broker}"
    if seen.error:
        remedy = "See the broker's log; mend the disk and restart the broker."
        return Check(part, Health.FAIL, f"{seen.folder} is out of use", remedy)
    if seen.free_bytes < 0:
        return Check(part, Health.OK, f"{seen.folder} is in use")
    return folders.room(part, seen.free_bytes, f"Make room for {seen.folder} on that machine.")


def declared_topics(settings: Settings) -> Check:
    """Whether the topics are as declared."""
    declared = wiring.declared_topics(settings)
    connection = settings.kafka.kafka_python()
    plan = topics.plan(connection, declared, settings.topic_prefix, settings.replication)
    if plan.is_empty:
        return Check("topics", Health.OK, f"{len(declared)} as declared")
    differ = len(declared) - len(plan.as_declared)
    remedy = "See them: hub topics plan; mend them: hub topics apply"
    return Check("topics", Health.WARN, f"{differ} differ", remedy)


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
