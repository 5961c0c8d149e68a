"""Opens kafka-python's clients so that a failed start leaves no socket and no thread behind."""

from collections.abc import Callable, Mapping
from typing import Any

from kafka import KafkaConsumer, KafkaProducer
from kafka.errors import KafkaError
from kafka.net.compat import KafkaNetClient

from connectors.errors import Later

Connection = Mapping[str, Any]
"""kafka-python's own names: `bootstrap_servers`, `security_protocol`, `sasl_*`, `ssl_*`."""

RETRY_AFTER_S = 2.0
"""How long to leave a broker alone that did not answer, in seconds."""


def not_now(error: KafkaError, doing: str) -> Later:
    """What to say when Kafka fails: its error's name, never its text."""
    return Later(RETRY_AFTER_S, f"Kafka could not {doing} ({type(error).__name__})")


def open_producer(connection: Connection, **settings: object) -> KafkaProducer:
    """A started producer; raises Later when no broker answers."""
    return _open(KafkaProducer, {**settings, **connection})


def open_consumer(connection: Connection, **settings: object) -> KafkaConsumer:
    """A started consumer; raises Later when no broker answers."""
    return _open(KafkaConsumer, {**settings, **connection})


def _open(client: Callable[..., Any], settings: Mapping[str, object]) -> Any:
    # A kafka-python client that finds no broker keeps its sockets and its thread for ever.
    opened: list[KafkaNetClient] = []

    def remember(**configs: object) -> KafkaNetClient:
        opened.append(KafkaNetClient(**configs))
        return opened[-1]

    try:
        return client(kafka_client=remember, metrics_enabled=False, **settings)
    except KafkaError as error:
        for left in opened:
            left.close()
        raise not_now(error, "be reached") from error
