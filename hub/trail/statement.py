"""What was written to a party on a day, as a count and a hash that both ends can work out.

The recipient has the same from its topic: each record's id and the time that the hub gave it
(`ce_recordedtime` on a copy, `ce_time` on a receipt or notice). Both sort by time, then by id.
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from typing import Any, Final, NamedTuple

from hub.trail.gaps import Numbers
from hub.trail.local_time import day_of

VERSION: Final = 1


class Recorded(NamedTuple):
    """The id of something on a party's topic, and when the event behind it came in."""

    at: datetime
    event_id: str


@dataclass(frozen=True, slots=True)
class Statement:
    """One party's day."""

    party: str
    day: date
    count: int
    """How many copies, receipts and notices were written to its topic."""
    sha256: str
    """Over their ids in order, a line feed after each; lower-case hexadecimal digits."""
    sources: tuple[Numbers, ...] = ()
    """The numbers that came in from it, for each of its systems that counts."""
    read_until: datetime | None = None
    """The latest moment of the ledger when this was worked out; None at the recipient."""

    def agrees(self, other: "Statement") -> bool:
        """Whether both say the same of what lies on the topic."""
        mine = (self.party, self.day, self.count, self.sha256)
        return mine == (other.party, other.day, other.count, other.sha256)


def statement(
    day: date,
    party: str,
    rows: Iterable[Recorded],
    sources: Iterable[Numbers] = (),
    read_until: datetime | None = None,
) -> Statement:
    """The statement of the rows of this day; those of other days are passed over."""
    digest = hashlib.sha256()
    count = 0
    for _, event_id in sorted((row.at.astimezone(UTC), row.event_id) for row in _of(day, rows)):
        digest.update(event_id.encode() + b"\n")
        count += 1
    ordered = tuple(sorted(sources))
    return Statement(party, day, count, digest.hexdigest(), ordered, read_until)


def dump(said: Statement) -> bytes:
    """The statement as JSON, the same bytes every time."""
    return json.dumps(plain(said), sort_keys=True, separators=(",", ":")).encode()


def plain(said: Statement) -> dict[str, Any]:
    """The statement as JSON values."""
    return {
        "version": VERSION,
        "party": said.party,
        "day": said.day.isoformat(),
        "count": said.count,
        "sha256": said.sha256,
        "sources": [asdict(one) for one in said.sources],
        "read_until": said.read_until.isoformat() if said.read_until else None,
    }


def load(text: bytes) -> Statement:
    """The statement in this JSON; raises ValueError when it is none."""
    try:
        said = json.loads(text)
        if said["version"] != VERSION:
            raise ValueError(f"version {VERSION} is needed")
        until = said["read_until"]
        sources = (
            Numbers(
                str(one["source"]),
                int(one["first"]),
                int(one["last"]),
                int(one["count"]),
                tuple((int(first), int(last)) for first, last in one["missing"]),
            )
            for one in said["sources"]
        )
        return Statement(
            str(said["party"]),
            date.fromisoformat(said["day"]),
            int(said["count"]),
            str(said["sha256"]),
            tuple(sources),
            datetime.fromisoformat(until) if until else None,
        )
    except (KeyError, TypeError, OverflowError, RecursionError) as error:
        raise ValueError("this is no statement") from error


def _of(day: date, rows: Iterable[Recorded]) -> Iterable[Recorded]:
    return (row for row in rows if day_of(row.at) == day)
