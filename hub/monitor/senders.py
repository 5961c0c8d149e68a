"""All senders: what was heard of each, and who is silent now."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from hub.domain.working_time import WorkingTime
from hub.monitor.rhythm import SLOT, Rhythm, rhythm, slot
from hub.monitor.silence import Silence, silence

LEARNT: Final = timedelta(days=180)
"""How far back a rhythm is learnt from: half a year has holidays and quiet weeks in it."""
WORKED: Final = timedelta(hours=8) * 130
"""The same in working time."""


@dataclass(slots=True)
class _Heard:
    slots: set[int] = field(default_factory=set)
    last_at: datetime | None = None
    rhythm: Rhythm | None = None
    is_stale: bool = False
    """Whether the rhythm must be worked out anew."""


class Senders:
    """What the parties with these offices have sent, as far as it was told."""

    def __init__(self, offices: Mapping[str, WorkingTime]) -> None:
        """Nothing was heard of anybody."""
        self._offices = offices
        self._heard = {party: _Heard() for party in offices}

    def hear(self, sent: Iterable[tuple[str, datetime]]) -> None:
        """Who sent, and when it came in; of the same sending any number of times."""
        for party, at in sent:
            heard = self._heard.get(party)
            if heard is None:  # a party that has left the registry
                continue
            heard.last_at = max(heard.last_at or at, at)
            its = slot(at, self._offices[party])
            heard.is_stale |= its not in heard.slots
            heard.slots.add(its)

    def silences(self, now: datetime, strange: Iterable[str] = ()) -> tuple[Silence, ...]:
        """How long each party with a rhythm has been silent; `strange`: whose silence was."""
        was = set(strange)
        found: list[Silence] = []
        for party, heard in self._heard.items():
            office = self._offices[party]
            if heard.is_stale:
                oldest = slot(now, office) - WORKED // SLOT
                heard.slots = {one for one in heard.slots if one >= oldest}
                heard.rhythm, heard.is_stale = rhythm(heard.slots), False
            if heard.rhythm is not None and heard.last_at is not None:
                was_strange = party in was
                found.append(
                    silence(
                        party, heard.last_at, heard.rhythm, office, now, was_strange=was_strange
                    )
                )
        return tuple(found)
