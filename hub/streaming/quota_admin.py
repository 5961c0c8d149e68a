"""The admin calls about quotas, for which kafka-python has requests and no calls."""

from collections.abc import Collection, Iterable
from typing import Any, Final

from kafka.admin import KafkaAdminClient
from kafka.errors import for_code
from kafka.protocol.admin.client_quotas import (
    AlterClientQuotasRequest,
    DescribeClientQuotasRequest,
)

from hub.streaming.admin import BrokerRefused
from hub.users.quota import Limit

USER: Final = "user"
_ANY_NAME: Final = 2
"""A match type of DescribeClientQuotas."""


def limits_of(admin: KafkaAdminClient, names: Collection[str]) -> dict[str, dict[str, float]]:
    """The limits that these users have, whatever client they come with; raises BrokerRefused."""
    component = DescribeClientQuotasRequest.ComponentData(
        entity_type=USER, match_type=_ANY_NAME, match=None
    )
    answer = _asked(admin, DescribeClientQuotasRequest(components=[component], strict=True))
    if answer.error_code:
        raise BrokerRefused(for_code(answer.error_code).__name__)
    return {
        entry.entity[0].entity_name: {one.key: float(one.value) for one in entry.values}
        for entry in answer.entries or ()
        if entry.entity[0].entity_name in names
    }


def set_limits(admin: KafkaAdminClient, name: str, limits: Iterable[Limit]) -> None:
    """Give a user these limits as wanted, or none; raises BrokerRefused."""
    kind = AlterClientQuotasRequest.EntryData
    entry = kind(
        entity=[kind.EntityData(entity_type=USER, entity_name=name)],
        ops=[
            kind.OpData(key=one.key, value=float(one.wanted or 0), remove=one.wanted is None)
            for one in limits
        ],
    )
    answer = _asked(admin, AlterClientQuotasRequest(entries=[entry], validate_only=False))
    for one in answer.entries:
        if one.error_code:
            raise BrokerRefused(for_code(one.error_code).__name__, where=name)


def _asked(admin: KafkaAdminClient, request: Any) -> Any:
    manager = admin._manager  # noqa: SLF001 - pinned; test_secured_cluster guards it

    async def send() -> Any:
        return await manager.send(request)

    return manager.run(send)
