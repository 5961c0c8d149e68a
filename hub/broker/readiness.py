"""Waits until Kafka serves: not for a line in a log, but for the admin client's answer."""

import time
from collections.abc import Mapping, Sequence
from typing import Any, Final

from hub.broker.errors import NotReady
from hub.broker.node import Node
from hub.broker.ports import accepts
from hub.errors import BrokerUnavailable
from hub.streaming.admin import connected

_PAUSE_S: Final = 0.05


def await_ready(nodes: Sequence[Node], connection: Mapping[str, Any], within_s: float) -> None:
    """Return once every one of these nodes serves clients that connect like this.

    Raises NotReady when a node ends meanwhile or the time is over.
    """
    until = time.monotonic() + within_s
    for node in nodes:
        while not accepts(node.port):
            _pause(nodes, until)
    wanted = {node.number for node in nodes}
    address = {**connection, "bootstrap_servers": [node.bootstrap for node in nodes]}
    try:
        with connected(address) as admin:
            while not wanted <= _serving(admin.describe_cluster()):
                _pause(nodes, until)
    except NotReady:
        raise
    except BrokerUnavailable as error:
        raise _not_ready(nodes, error.what) from error


def _serving(cluster: dict[str, Any]) -> set[int]:
    if cluster["controller_id"] < 0:
        return set()
    brokers = cluster["brokers"]
    return {broker["broker_id"] for broker in brokers if not broker.get("is_fenced")}


def _pause(nodes: Sequence[Node], until: float) -> None:
    ended = [node for node in nodes if node.pid is None]
    if ended:
        raise _not_ready(ended, "node ended by itself")
    if time.monotonic() > until:
        raise _not_ready(nodes, "no answer in time")
    time.sleep(_PAUSE_S)


def _not_ready(nodes: Sequence[Node], what: str) -> NotReady:
    return NotReady(what, where=str(nodes[0].folder), last_words=nodes[0].last_words())
