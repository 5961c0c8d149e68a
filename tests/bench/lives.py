"""Referrals that live and end, as they do at work: asked for, accepted, completed, side by side.

What is open is never forgotten, so a million referrals that nobody answers would be a million
in memory; that is the backlog of `events`, not a district. Here so many are open at a time.
"""

from collections.abc import Iterator
from itertools import islice
from typing import Final

from schemas.codec import Record, encode
from schemas.data import Data
from schemas.envelope import Context, Event
from schemas.events.referral_status_changed import ReferralStatusChanged
from schemas.vocabulary import LegalBasis, Outcome, Purpose, ReferralStatus
from tests.bench.events import Events, case_id, partition

OPEN: Final = 20_000
"""So many referrals are open at a time: four years of the district's, and all unanswered."""
STEPS: Final = (
    ReferralStatusChanged(status=ReferralStatus.ACCEPTED),
    ReferralStatusChanged(status=ReferralStatus.COMPLETED, outcome=Outcome.SERVICE_RECEIVED),
)
"""What the owner says of each, in this order."""


class Lives:
    """The referrals of `events`, each followed by its owner's steps."""

    def __init__(self, events: Events, most_open: int = OPEN) -> None:
        """Nothing is made yet."""
        self._events = events
        self._most_open = most_open

    def records(self, count: int) -> Iterator[tuple[int, Record]]:
        """The first `count` of all of them, each with its partition."""
        return islice(self._all(), count)

    def _all(self) -> Iterator[tuple[int, Record]]:
        number = 0
        while True:
            record = self._events.record(number)
            yield partition(record.key or b""), record
            for nth, data in enumerate(STEPS, 1):
                earlier = number - self._most_open * nth // len(STEPS)
                if earlier >= 0:
                    record = self._step(earlier, nth, data)
                    yield partition(record.key or b""), record
            number += 1

    def _step(self, number: int, nth: int, data: Data) -> Record:
        owner = self._events.recipient(number)
        context = Context(
            type=data.wire_type(),
            source=f"//kurze-wege/{owner}/fachverfahren",
            id=f"s-{number:08d}-{nth}",
            subject=case_id(number),
            time=self._events.at,
            dataschema=data.schema_uri(),
            purpose=Purpose.INTEGRATION,
            legalbasis=LegalBasis.SGB10_69,
            dataclassification=data.CLASSIFICATION,
        )
        return encode(Event(context, data))
