"""Where test events are written: who says it, when, and under which id."""

import random
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TypeVar

from schemas.data import Data
from schemas.envelope import Context, Event
from schemas.vocabulary import LegalBasis, Purpose
from tests.support.district import EPPERTSHAUSEN, KFB, TOWNS, Town
from tests.support.people import People

Choice = TypeVar("Choice")
Story = Iterator[Event[Data]]
"""What happens in one case, event by event; the desk's clock says when."""


@dataclass(slots=True)
class Desk:
    """Makes events out of what is said, by seeded chance."""

    chance: random.Random
    people: People
    now: datetime
    """The time of the next event."""
    numbers: defaultdict[str, int] = field(default_factory=lambda: defaultdict(int))

    def say(
        self,
        party: str,
        subject: str,
        data: Data,
        why: tuple[LegalBasis, Purpose],
        *,
        recipient: str | None = None,
        because_of: str | None = None,
    ) -> Event[Data]:
        """The event in which this party says so, now."""
        system = system_of(party, data)
        legal_basis, purpose = why
        context = Context(
            type=data.wire_type(),
            source=f"//kurze-wege/{party}/{system}",
            id=self.next_id(party, system),
            subject=subject,
            time=self.now,
            dataschema=data.schema_uri(),
            purpose=purpose,
            legalbasis=legal_basis,
            dataclassification=data.CLASSIFICATION,
            correlationid=because_of,
            causationid=because_of,
            recipient=recipient,
        )
        return Event(context, data)

    def next_id(self, party: str, system: str) -> str:
        """An id not used before in this system."""
        name = f"{party}-{system}"
        self.numbers[name] += 1
        return f"{name}-{self.numbers[name]:05d}"

    def subject(self, letter: str) -> str:
        """A new case or offer: `R` referral, `U` move, `A` offer."""
        self.numbers[letter] += 1
        return f"{letter}-{self.chance.randrange(16**6):06x}-{self.numbers[letter]}"

    def town(self, *, but: str = "") -> Town:
        """A town, the bigger the likelier."""
        towns = [town for town in TOWNS if town.ags != but]
        return self.chance.choices(towns, [town.inhabitants for town in towns])[0]

    def happens(self, probability: float) -> bool:
        """Whether it happens this time."""
        return self.chance.random() < probability

    def earlier(self, days: int) -> datetime:
        """Up to so many days ago, at full minutes."""
        minutes = self.chance.randrange(1, days * 24 * 60)
        return (self.now - timedelta(minutes=minutes)).replace(second=0, microsecond=0)


def system_of(party: str, data: Data) -> str:
    """The system of a party that says such things."""
    if party == EPPERTSHAUSEN and data.VERSION == 0:
        return "altverfahren"
    if party == KFB:
        return "fallakte"
    if data.TYPE.startswith(("address-change.", "disclosure-block.")):
        return "melderegister"
    if data.TYPE.startswith("support-offer."):
        return "angebote"
    return "fachverfahren"
