"""The dead letters, wired: read with what was done with them, and the journal of that."""

import getpass
import platform
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager

from connectors.errors import Later
from connectors.runner.placer import Placer
from hub import wiring
from hub.errors import BrokerUnavailable
from hub.letters import journal, replay
from hub.letters.journal import Entry
from hub.letters.letter import Letter, letter
from hub.letters.replay import Check
from hub.letters.shelf import Kept, shelf
from hub.operations import watched
from hub.settings import Settings
from hub.streaming.reading import Found, Reader
from hub.vault.encrypter import Opener
from schemas.codec import Record
from schemas.topics import JOURNAL


def letters(settings: Settings) -> list[Kept]:
    """Every letter and what has become of it; raises BrokerUnavailable."""
    prefix = settings.topic_prefix
    told = prefix + JOURNAL.name
    with Reader(settings.kafka.kafka_python(), desk_topics(settings)) as reader:
        found = reader.rest()
    entries = [entry for one in found if one.topic == told and (entry := journal.read(one.record))]
    return shelf((letter_of(prefix, one) for one in found if one.topic != told), entries)


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


def user() -> str:
    """Who works at the desk: the user and the machine."""
    return f"{getpass.getuser()}@{platform.node()}"


def note(settings: Settings, entries: Iterable[Entry]) -> None:
    """Append to the journal, and return once all is kept; raises BrokerUnavailable."""
    topic = settings.topic_prefix + JOURNAL.name
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
