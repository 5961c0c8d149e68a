"""The events every contender moves: the same bytes each time, by a seed, 670 bytes each."""

import random
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final, NamedTuple

from kafka.partitioner.default import murmur2

from schemas.codec import Record, encode
from schemas.envelope import Context, Event
from schemas.events.referral_requested import ReferralRequested
from schemas.topics import REFERRALS
from schemas.vocabulary import LegalBasis, MeetingPlace, Purpose, Service
from tests.support.district import KFB, TOWNS
from tests.support.people import People

VALUE_BYTES: Final = 670
"""The JSON value of each record; key and headers come on top, the same for all."""
PARTITIONS: Final = REFERRALS.partitions
_SEED: Final = 4
_CONTENTS: Final = 1999
"""So many different contents come round and round; ids, cases and keys never repeat."""
_FILLER: Final = "Bittet um einen Termin am Vormittag, kommt mit dem Bus. " * 10
_CHANGING: Final = ("ce_id", "ce_subject")


class _Content(NamedTuple):
    sender: str
    recipient: str
    headers: list[tuple[str, bytes]]
    value: bytes


class Events:
    """Referrals between these parties, numbered from 0, each in a case of its own."""

    def __init__(self, parties: Sequence[str], at: datetime) -> None:
        """`at`: the time all of them carry; the hub refuses what is older than 30 days."""
        self.at = at
        chance = random.Random(_SEED)
        people = People(chance)
        self._contents = [_content(chance, people, parties, at) for _ in range(_CONTENTS)]

    def sender(self, number: int) -> str:
        """Who sends this event."""
        return self._contents[number % _CONTENTS].sender

    def recipient(self, number: int) -> str:
        """To whom it must go."""
        return self._contents[number % _CONTENTS].recipient

    def record(self, number: int) -> Record:
        """The event as it lies on its topic."""
        content = self._contents[number % _CONTENTS]
        key = case_id(number).encode()
        own = [("ce_id", event_id(number).encode()), ("ce_subject", key)]
        return Record(key, content.value, content.headers + own)

    def records(self, count: int) -> Iterator[tuple[int, Record]]:
        """The first `count` events, each with its partition, as Kafka's own clients choose it."""
        for number in range(count):
            record = self.record(number)
            yield partition(record.key or b""), record


def event_id(number: int) -> str:
    """The id of an event."""
    return f"e-{number:08d}"


def case_id(number: int) -> str:
    """The case of an event: subject and key."""
    return f"R-{number:08d}"


def number_of(identity: bytes) -> int:
    """The number in an event's id."""
    return int(identity[2:])


def partition(key: bytes) -> int:
    """Where a record with this key lies: the default partitioner of Kafka's clients."""
    return int((murmur2(key) & 0x7FFFFFFF) % PARTITIONS)


def _content(
    chance: random.Random, people: People, parties: Sequence[str], at: datetime
) -> _Content:
    sender, recipient = chance.sample(parties, 2)
    town = chance.choice(TOWNS)
    data = ReferralRequested(
        client=people.client(town),
        service=Service.BENEFIT_ADVICE if recipient == KFB else Service.JOB_PLACEMENT,
        wished_place=MeetingPlace.TOWN_HALL,
        first_received_at=at,
        first_received_by=sender,
        note="",
    )
    missing = VALUE_BYTES - len(data.__pydantic_serializer__.to_json(data, exclude_none=True))
    padded = data.model_copy(update={"note": _FILLER[:missing]})
    record = encode(Event(_context(sender, recipient, at), padded))
    headers = [header for header in record.headers if header[0] not in _CHANGING]
    return _Content(sender, recipient, headers, record.value or b"")


def _context(sender: str, recipient: str, at: datetime) -> Context:
    return Context(
        type=ReferralRequested.wire_type(),
        source=f"//kurze-wege/{sender}/fachverfahren",
        id=event_id(0),
        subject=case_id(0),
        time=at,
        dataschema=ReferralRequested.schema_uri(),
        purpose=Purpose.INTEGRATION,
        legalbasis=LegalBasis.SGB10_69,
        dataclassification=ReferralRequested.CLASSIFICATION,
        recipient=recipient,
    )
