"""An admin's connection to the broker, closed whole whatever happens."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

from kafka.admin import KafkaAdminClient
from kafka.errors import BrokerResponseError, KafkaError

from hub.errors import BrokerUnavailable, HubError

ANSWER_WITHIN_MS: Final = 15_000


class BrokerRefused(HubError):
    """The broker refused what an admin asked for."""


@contextmanager
def connected(
    connection: Mapping[str, Any], answer_within_ms: int = ANSWER_WITHIN_MS
) -> Iterator[KafkaAdminClient]:
    """An admin client of kafka-python, made from this connection.

    What goes wrong within becomes BrokerUnavailable or BrokerRefused.
    """
    where = str(connection.get("bootstrap_servers", ""))
    made: list[Any] = []

    def network(**settings: Any) -> Any:
        made.append(KafkaAdminClient.DEFAULT_CONFIG["kafka_client"](**settings))
        return made[-1]

    told = {"bootstrap_timeout_ms": answer_within_ms, "kafka_client": network, **connection}
    try:
        with KafkaAdminClient(**told) as admin:
            yield admin
    except KafkaError as error:
        raise in_words(error, where) from error
    finally:
        for network_client in made:  # an admin that never got an answer leaves its thread behind
            network_client.close()


def in_words(error: KafkaError, where: str) -> HubError:
    """What an error of kafka-python means: the broker refuses, or does not answer."""
    if isinstance(error, BrokerResponseError):
        return BrokerRefused(str(error), where=where)
    remedy = "start it (`hub broker`) or set `kafka.bootstrap`"
    return BrokerUnavailable(where=where, remedy=remedy)
