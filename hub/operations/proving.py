"""Proves that nothing readable is left of a subject: topics, databases and files are looked at."""

from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from hub import wiring
from hub.operations import subject_stores, subject_topics
from hub.operations.subject_look import Found, keys_of, open_vault
from hub.operations.subject_stores import Held
from hub.operations.subject_topics import Seen
from hub.settings import Settings
from hub.vault.standing import Standing
from hub.vault.traces import files_with
from schemas.topics import SEGMENT_MS


@dataclass(frozen=True, slots=True)
class Proof:
    """What is left of a subject; counts and places, no content."""

    subject: str
    destroyed_at: datetime | None
    told: Mapping[str, int]
    """Each recipient that was told, with how many ids of what it had been sent."""
    topics: Mapping[str, Mapping[Standing, int]]
    readable_until: Mapping[str, datetime]
    """Where a topic holds something readable: when Kafka deletes the last of it by itself."""
    stores: list[Held]
    files: list[Path] | None
    """Where the person stands in files; None: nobody knows any more what to look for."""
    backups: tuple[str, ...]

    @property
    def holds(self) -> bool:
        """Whether nothing readable is left anywhere that was looked at."""
        topics = sum(counts[Standing.READABLE] for counts in self.topics.values())
        return not (topics or any(one.readable for one in self.stores) or self.files)


def prove(settings: Settings, found: Found, destroyed_at: datetime | None) -> Proof:
    """What is left, looked at anew: topics, databases and files."""
    subject = found.subject
    with closing(open_vault(settings)) as vault:
        seen = list(subject_topics.records(settings, subject, keys_of(vault, subject), _quiet))
    folders = subject_stores.files(settings)
    there = [one for one in folders if one.exists()]
    return Proof(
        subject=subject,
        destroyed_at=destroyed_at,
        told={party: len(ids) for party, ids in found.past.recipients.items()},
        topics=subject_topics.counted(seen),
        readable_until=_until(settings, seen),
        stores=subject_stores.held(settings, subject),
        files=sorted({*files_with(there, found.sought)}) if found.sought else None,
        backups=settings.vault.backups,
    )


def _until(settings: Settings, seen: list[Seen]) -> dict[str, datetime]:
    """When Kafka deletes by itself what is readable."""
    kept = {topic.name: topic for topic in wiring.declared_topics(settings)}
    found: dict[str, datetime] = {}
    for one in seen:
        if one.standing is Standing.READABLE:
            gone_ms = one.at_ms + kept[one.topic].retention_ms + SEGMENT_MS
            gone = datetime.fromtimestamp(gone_ms / 1000, tz=UTC)
            found[one.topic] = max(gone, found.get(one.topic, gone))
    return found


def _quiet(_looked: int) -> None:
    """Nobody is told how far it has come."""
