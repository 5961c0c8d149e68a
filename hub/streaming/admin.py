"""An admin's connection to the broker, closed whole whatever happens."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

from kafka.admin import KafkaAdminClient
from kafka.errors import BrokerResponseError, KafkaError

from hub.errors import BrokerUnavailable, HubError
from hub.streaming.clients import opened

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
    told = {"bootstrap_timeout_ms": answer_within_ms, **connection}
    try:
        with opened(KafkaAdminClient, told) as admin:
            yield admin
    except KafkaError as error:
        raise in_words(error, where) from error


def in_words(error: KafkaError, where: str) -> HubError:
    """What an error of kafka-python means: the broker refuses, or does not answer."""
    if isinstance(error, BrokerResponseError):
        return BrokerRefused(str(error), where=where)
    remedy = "start it (`hub broker`) or set `kafka.bootstrap`"
    return BrokerUnavailable(where=where, remedy=remedy)
