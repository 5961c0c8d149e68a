"""What the broker lets this user do, as the broker itself says (KIP-430); asks for nothing else."""

from collections.abc import Collection, Mapping
from typing import Any, Final, NamedTuple

from kafka.admin import KafkaAdminClient
from kafka.errors import (
    BrokerResponseError,
    GroupAuthorizationFailedError,
    TransactionalIdAuthorizationFailedError,
)

from hub.streaming.admin import connected

ANSWER_WITHIN_MS: Final = 5000
Operations = frozenset[str]
"""Kafka's names in capitals: `READ`, `WRITE`, `DESCRIBE`, …"""
NONE: Final[Operations] = frozenset()


class Allowed(NamedTuple):
    """What may be done; what the broker cannot tell is missing."""

    topics: Mapping[str, Operations]
    groups: Mapping[str, Operations]
    transactions: Mapping[str, bool]
    """Whether transactions of this id may be looked at, which who may write them always may."""


def allowed(
    connection: Mapping[str, Any],
    topics: Collection[str],
    groups: Collection[str],
    transactions: Collection[str],
) -> Allowed:
    """What this connection's user may do with these; raises BrokerUnavailable, BrokerRefused.

    A broker without an authorizer allows everything. Of a group that nobody ever joined the
    broker tells only whether it may be looked at.
    """
    with connected(connection, ANSWER_WITHIN_MS) as admin:
        described = admin.describe_topics(list(topics))
        on_topics = {
            one["name"]: frozenset(one["authorized_operations"] or ()) for one in described
        }
        on_groups = {group: _on_group(admin, group) for group in groups}
        may_write = {name: _on_transactions(admin, name) for name in transactions}
    known = {group: found for group, found in on_groups.items() if found is not None}
    return Allowed(on_topics, known, may_write)


def _on_group(admin: KafkaAdminClient, group: str) -> Operations | None:
    try:
        found = admin.describe_groups([group])[group]
    except GroupAuthorizationFailedError:
        return NONE
    except BrokerResponseError:  # no group was ever on this broker
        return None
    return None if found["error"] else frozenset(found["authorized_operations"] or ())


def _on_transactions(admin: KafkaAdminClient, name: str) -> bool:
    try:
        admin.describe_transactions([name])
    except TransactionalIdAuthorizationFailedError:
        return False
    except BrokerResponseError:  # it is not known yet
        return True
    return True
