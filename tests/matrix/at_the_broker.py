"""Tries everything at the broker as one user, over one connection."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

from kafka.admin import KafkaAdminClient

from hub.errors import BrokerUnavailable
from hub.streaming.admin import connected
from hub.users.grant import Grant, Resource
from tests.matrix import other_actions, topic_actions
from tests.matrix.cell import ALLOWED, REFUSED, Cell
from tests.matrix.declared import verdict

DENIED: Final = frozenset({29, 30, 31, 53})
"""The codes with which a broker says that somebody may not: topic, group, cluster, transactions."""
COMES_WITHIN_MS: Final = 20_000
REFUSED_WITHIN_MS: Final = 3000


class There(NamedTuple):
    """What is at the broker, by its full name."""

    topics: Sequence[str]
    groups: Sequence[str]
    transactions: Sequence[str]


def tried(
    who: str, connection: Mapping[str, Any], grants: Collection[Grant], there: There
) -> Iterator[Cell]:
    """Every action with everything there, as this user, who is declared to have these grants."""
    with connected(connection, COMES_WITHIN_MS) as admin:
        yield from _others(admin, who, grants, there)
        for action, how in topic_actions.ACTIONS.items():
            found = dict(how.answered(_asked(admin, how.ask(there.topics))))
            for name in there.topics:
                wanted = verdict(grants, how.needs, Resource.TOPIC, name)
                yield Cell("topic", who, action, name, wanted, _said(found[name]))


def comes(who: str, connection: Mapping[str, Any], *, declared: bool) -> Cell:
    """Whether somebody gets in at all."""
    within_ms = COMES_WITHIN_MS if declared else REFUSED_WITHIN_MS
    try:
        with connected(connection, within_ms):
            found = ALLOWED
    except BrokerUnavailable:
        found = REFUSED
    return Cell("cluster", who, "connect", "", ALLOWED if declared else REFUSED, found)


def _others(
    admin: KafkaAdminClient, who: str, grants: Collection[Grant], there: There
) -> Iterator[Cell]:
    kinds: list[tuple[str, Resource, Sequence[str], Mapping[str, other_actions.Action]]] = [
        ("group", Resource.GROUP, there.groups, other_actions.GROUPS),
        ("transactions", Resource.TRANSACTIONAL_ID, there.transactions, other_actions.TRANSACTIONS),
        ("cluster", Resource.CLUSTER, [""], other_actions.CLUSTER),
    ]
    for kind, resource, names, actions in kinds:
        for action, how in actions.items():
            for name in names:
                wanted = verdict(grants, how.needs, resource, name)
                found = how.error(_asked(admin, how.ask(name)))
                yield Cell(kind, who, action, name, wanted, _said(found))


def _said(error: int) -> str:
    return REFUSED if error in DENIED else ALLOWED


def _asked(admin: KafkaAdminClient, request: Any) -> Any:  # noqa: ANN401 - kafka-python has no types
    manager = admin._manager

    async def send() -> Any:  # noqa: ANN401 - the same
        return await manager.send(request)

    return manager.run(send)
