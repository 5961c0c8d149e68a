"""Which letters nobody has decided on will soon be gone: Kafka deletes them by their age."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final

from hub.letters.shelf import Kept, Status
from schemas.topics import REFERRALS, dead_topic

KEPT: Final = timedelta(milliseconds=dead_topic(REFERRALS).retention_ms)
"""How long a letter lies there, whatever its topic."""
WARNED: Final = timedelta(days=14)
"""So long before its end an open letter is warned about."""


def gone_at(kept: Kept) -> datetime:
    """From when on Kafka may delete the letter."""
    return kept.letter.at + KEPT


def expiring(letters: Iterable[Kept], now: datetime) -> list[Kept]:
    """The open letters that will be gone within two weeks, the next first."""
    soon = (one for one in letters if one.status is Status.OPEN and gone_at(one) - WARNED <= now)
    return sorted(soon, key=gone_at)


def oldest_open(letters: Iterable[Kept]) -> dict[str, datetime]:
    """When the oldest open letter of each dead-letter topic was refused, by its bare name."""
    found: dict[str, datetime] = {}
    for one in letters:
        topic = one.letter.id.rsplit("/", 2)[0]
        if one.status is Status.OPEN:
            found[topic] = min(one.letter.at, found.get(topic, one.letter.at))
    return found


def says(going: Sequence[Kept]) -> str:
    """That these letters will be gone, and when the first."""
    first = gone_at(going[0])
    return f"{len(going)} undecided letters will be deleted, the first on {first:%Y-%m-%d}."
