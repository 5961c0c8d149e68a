"""Writes what an operator's command says to parties: all of it in one transaction, or nothing."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

from aiokafka import TopicPartition

from hub.domain.decision import Outgoing
from hub.streaming.cursor import answering
from hub.streaming.transaction import Transactions
from schemas.topics import STATE


def tell(
    connection: Mapping[str, Any],
    name: str,
    prefix: str,
    outputs: Sequence[Outgoing],
    within_s: float,
) -> None:
    """Write these records; two that come under the same `name` never write side by side.

    `connection` is aiokafka's. Raises BrokerUnavailable and BrokerRefused.
    """
    asyncio.run(_tell(connection, name, prefix, outputs, within_s))


async def _tell(
    connection: Mapping[str, Any],
    name: str,
    prefix: str,
    outputs: Sequence[Outgoing],
    within_s: float,
) -> None:
    place = TopicPartition(prefix + STATE.name, 0)
    with answering(str(connection["bootstrap_servers"])):
        transactions = Transactions(connection, place, name, prefix, within_s)
        try:
            async with asyncio.timeout(within_s):
                await transactions.start()
                await transactions.write(outputs, {}, {})
        finally:
            await transactions.stop()
