"""Every record about a subject, on every topic of the hub, and how each stands."""

from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from hub import wiring
from hub.settings import Settings
from hub.state import key as state_key
from hub.streaming.reading import Found, Reader
from hub.vault.encrypter import decrypted
from hub.vault.keyring import Keys
from hub.vault.standing import Standing, is_of, standing
from schemas.codec import decode
from schemas.data import Data
from schemas.envelope import Event
from schemas.errors import Unreadable
from schemas.topics import LEDGER, STATE

Played = Callable[[int], None]
"""Hears now and then how many records were looked at."""


class Seen(NamedTuple):
    """A record about the subject."""

    topic: str
    """Without the prefix."""
    partition: int
    offset: int
    at_ms: int
    standing: Standing
    event: Event[Data] | None
    """What it says, as far as that can be read."""


def records(settings: Settings, subject: str, keys: Keys, played: Played) -> Iterator[Seen]:
    """Every record about the subject, with the keys that are left; raises BrokerUnavailable.

    What lanes remember has keys of their own: what names the subject there is looked at too.
    """
    prefix = settings.topic_prefix
    topics = [prefix + topic.name for topic in wiring.declared_topics(settings)]
    looked = 0
    with Reader(settings.kafka.kafka_python(), topics) as reader:
        for some in reader.parts():
            looked += len(some)
            played(looked)
            for found in some:
                name = found.topic.removeprefix(prefix)
                if name == STATE.name:
                    if state_key.subject(found.record.key or b"") == subject.encode():
                        yield _seen(name, found, Standing.ENVELOPE, None)
                elif is_of(found.record, subject):
                    stands = standing(found.record, subject, keys)
                    yield _seen(name, found, stands, _event(found, subject, keys))


def lines(seen: list[Seen]) -> Iterator[Event[Data]]:
    """The ledger's lines among them, in their order."""
    return (one.event for one in seen if one.topic == LEDGER.name and one.event is not None)


def counted(seen: list[Seen]) -> Mapping[str, Mapping[Standing, int]]:
    """For each topic how many records stand how."""
    found: dict[str, dict[Standing, int]] = {}
    for one in seen:
        at = found.setdefault(one.topic, dict.fromkeys(Standing, 0))
        at[one.standing] += 1
    return found


def _seen(topic: str, found: Found, stands: Standing, event: Event[Data] | None) -> Seen:
    return Seen(topic, found.partition, found.offset, found.timestamp_ms, stands, event)


def _event(found: Found, subject: str, keys: Keys) -> Event[Data] | None:
    try:
        return decode(decrypted(found.record, subject, keys))
    except Unreadable:
        return None
