"""Opens kafka-python's clients so that a failed start leaves no socket and no thread behind."""

from collections.abc import Mapping
from typing import Any

from kafka import KafkaConsumer


def open_consumer(connection: Mapping[str, Any], **settings: object) -> Any:
    """A started consumer; raises KafkaError when no broker answers."""
    return opened(KafkaConsumer, {**settings, **connection})


def opened(client: Any, settings: Mapping[str, object]) -> Any:
    """A client of this class.

    One that finds no broker keeps its sockets and its thread for ever: they are let go here.
    """
    made: list[Any] = []

    def network(**given: object) -> Any:
        made.append(client.DEFAULT_CONFIG["kafka_client"](**given))
        return made[-1]

    try:
        return client(kafka_client=network, **settings)
    except BaseException:
        for left in made:
            left.close()
        raise
