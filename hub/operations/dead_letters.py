"""The dead letters, wired: read with what was done with them, and the journal of that."""

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import closing, contextmanager
from typing import Final

from connectors.errors import Later
from connectors.runner.placer import Placer
from hub import auditing, wiring
from hub.audit.act import Did
from hub.errors import BrokerUnavailable
from hub.letters import journal, replay
from hub.letters.journal import Act, Entry
from hub.letters.letter import Letter, letter
from hub.letters.replay import Check
from hub.letters.shelf import Kept, shelf
from hub.operations import watched
from hub.settings import Settings
from hub.streaming.reading import Found, Reader
from hub.vault.encrypter import Opener
from schemas.codec import Record
from schemas.topics import JOURNAL

DID: Final = {Act.REVEALED: Did.LETTER_REVEALED, Act.DISCARDED: Did.LETTER_DISCARDED}
"""What stands in the audit before it stands in the journal; a replay has its own line there."""
NUMBERS: Final = 2
"""Partition and offset."""
NUMBER: Final = re.compile(r"0|[1-9][0-9]{0,17}")
"""As an id writes it: one place has one id."""


def letters(settings: Settings) -> list[Kept]:
    """Every letter and what has become of it; raises BrokerUnavailable."""
    prefix = settings.topic_prefix
    told = prefix + JOURNAL.name
    with Reader(settings.kafka.kafka_python(), desk_topics(settings)) as reader:
        found = reader.rest()
    entries = _entries(one for one in found if one.topic == told)
    return shelf((letter_of(prefix, one) for one in found if one.topic != told), entries)


def one_letter(settings: Settings, letter: str) -> tuple[Kept, list[Entry]] | None:
    """The letter with this id and what was done with it, oldest first; None: it is not there.

    Raises BrokerUnavailable.
    """
    place = place_of(settings, letter)
    if place is None:
        return None
    topic, partition, offset = place
    with Reader(settings.kafka.kafka_python(), [topic]) as reader:
        found = reader.at(topic, partition, offset)
    if found is None:
        return None
    with Reader(settings.kafka.kafka_python(), [settings.topic_prefix + JOURNAL.name]) as reader:
        acts = [one for one in _entries(reader.rest()) if one.letter == letter]
    (kept,) = shelf([letter_of(settings.topic_prefix, found)], acts)
    return kept, acts


def place_of(settings: Settings, letter: str) -> tuple[str, int, int] | None:
    """Topic, with the prefix, partition and offset of an id; None for what cannot be one."""
    topic, *numbers = letter.split("/")
    name = settings.topic_prefix + topic
    if name not in watched.dead(settings) or len(numbers) != NUMBERS:
        return None
    if not all(NUMBER.fullmatch(one) for one in numbers):
        return None
    return name, int(numbers[0]), int(numbers[1])


def _entries(found: Iterable[Found]) -> list[Entry]:
    return [entry for one in found if (entry := journal.read(one.record))]


def desk_topics(settings: Settings) -> list[str]:
    """The dead-letter topics and the journal, full names."""
    return [*watched.dead(settings), settings.topic_prefix + JOURNAL.name]


def check(settings: Settings) -> Check:
    """Why a letter would be refused today, as far as that can be told without its case."""
    parties, limits, now = wiring.parties(settings), wiring.limits(settings), watched.now()
    opens = opening(settings)

    def today(one: Letter) -> tuple[str, ...]:
        return replay.today(one._replace(record=opens(one.record)), now, parties, limits)

    return today


def opening(settings: Settings) -> Callable[[Record], Record]:
    """What opens a letter's record, if it was encrypted and its key is still there."""
    return Opener(wiring.keyring(settings))


def user(settings: Settings) -> str:
    """Who works at the desk: the user and the machine."""
    return auditing.operator(settings)


def note(settings: Settings, act: Act, letters: Collection[str], who: str, reason: str) -> None:
    """Append an act on each letter to audit and journal, and return once all is kept.

    Raises NotAudited and BrokerUnavailable, and ValueError where the reason is missing or too long.
    """
    topic, now = settings.topic_prefix + JOURNAL.name, watched.now()
    entries = [journal.entry(act, letter, now, who, reason) for letter in letters]
    auditing.record(settings, DID[act], *letters, who=who, reason=reason)
    with in_words(settings), closing(Placer(settings.kafka.kafka_python())) as placer:
        for one in entries:
            placer.put(topic, journal.write(one))


@contextmanager
def in_words(settings: Settings) -> Iterator[None]:
    """Inside, a broker that takes nothing raises BrokerUnavailable."""
    try:
        yield
    except Later as error:
        raise BrokerUnavailable(str(error.why), where=settings.kafka.bootstrap) from error


def letter_of(prefix: str, found: Found) -> Letter:
    """The letter that was found; its topics without the prefix."""
    topic = found.topic.removeprefix(prefix)
    one = letter(topic, found.partition, found.offset, found.timestamp_ms, found.record)
    return one._replace(topic=one.topic.removeprefix(prefix))
