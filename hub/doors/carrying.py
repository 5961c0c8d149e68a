"""What carries between a connector and Kafka: the publisher of a door, the loop of a sink."""

import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from contextlib import closing, contextmanager
from functools import partial
from typing import TYPE_CHECKING, Final

from connectors.errors import Later
from connectors.runner.publisher import Publisher, Sign, as_they_are
from hub.doors.traced import TracedPublish, TracedSink
from hub.settings import Settings
from hub.signing.keyring import NoKey, open_keyring
from hub.signing.keys import Use
from hub.tracing.opening import tracer
from hub.wiring import group, keyring
from schemas.topics import delivery_topic

if TYPE_CHECKING:
    from connectors.base import Publish, Sink
    from schemas.codec import Record

NO_KEY_AGAIN_S: Final = 30.0
"""How long to leave alone what nobody can sign, in seconds."""


@contextmanager
def publisher(
    settings: Settings, door: str, parties: Iterable[str], timeout_s: float = 30
) -> "Iterator[Publish]":
    """Puts this door's events on their topics; lets go of the broker at the end.

    Where there is a vault they are encrypted, then signed for these parties where events are
    signed. Raises ConfigError where there is no key to sign with for one of the parties.
    """
    from hub.vault.encrypter import Encrypter

    connection, keys = settings.kafka.kafka_python(), keyring(settings)
    encrypt = as_they_are if keys is None else Encrypter(keys)
    sign = _signing(settings, parties)
    prefix = settings.topic_prefix
    with (
        tracer(settings.tracing, door) as spans,
        closing(Publisher(connection, prefix, timeout_s, sign, encrypt)) as publish,
    ):
        yield publish if spans is None else TracedPublish(publish, spans, prefix)


def _signing(settings: Settings, parties: Iterable[str]) -> Sign | None:
    """What signs for these parties; None where nothing is signed. Raises ConfigError."""
    ring = open_keyring(settings.signatures)
    if ring is None:
        return None
    ring.check(parties, Use.SIGN, int(time.time()))

    def sign(record: "Record") -> "Record":
        try:
            return ring.signed(record, int(time.time()))
        except NoKey as error:
            raise Later(NO_KEY_AGAIN_S, error.what) from error

    return sign


def deliver(
    settings: Settings,
    sink: "Sink",
    served: tuple[str, ...],
    name: str,
    stop: threading.Event,
) -> None:
    """Bring these parties' deliveries, opened, to the sink until `stop` is set; closes the sink."""
    from hub.vault.opening import Opening

    carry(settings, Opening(sink, keyring(settings)), delivery_topics(settings, served), name, stop)


def delivery_topics(settings: Settings, served: tuple[str, ...]) -> Mapping[str, str]:
    """The topics of these parties' deliveries, with the prefix, each with whose it is."""
    return {settings.topic_prefix + delivery_topic(party).name: party for party in served}


def carry(
    settings: Settings,
    sink: "Sink",
    topics: Mapping[str, str],
    name: str,
    stop: threading.Event,
) -> None:
    """Bring what lies on the topics, each with whose it is, to the sink; closes the sink."""
    from connectors.runner.sink_loop import run_sink

    reader = f"{group(settings)}.{name}"
    with tracer(settings.tracing, name) as spans:
        writing = sink if spans is None else TracedSink(sink, spans, reader)
        run_sink(writing, settings.kafka.kafka_python(), topics, stop, reader)


def is_upgraded(upgrade: Callable[[str], None], url: str, stop: threading.Event) -> bool:
    """Bring a database to its newest tables, waiting for it; False when it is time to stop."""
    from connectors.runner.patience import Stopped, patiently

    try:
        patiently(partial(upgrade, url), stop, "bring the tables up to date")
    except Stopped:
        return False
    return True


def together(jobs: Sequence[Callable[[], None]], stop: threading.Event) -> None:
    """Do all of them at a time until `stop` is set; what one raises ends them all, and is raised.

    Each of them must end soon after `stop` is set.
    """
    with ThreadPoolExecutor(len(jobs), thread_name_prefix="connector") as pool:
        doing = [pool.submit(job) for job in jobs]
        wait(doing, return_when=FIRST_EXCEPTION)
        stop.set()
    for one in doing:
        one.result()
