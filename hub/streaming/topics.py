"""Makes the topics on the broker as declared, and never touches a topic that is not ours.

`plan` looks, `apply` mends. For the command line: 0 as declared or done, 1 failed (the broker does
not answer, refuses, or a difference cannot be mended), 2 called wrongly, 3 drift: the plan of a
broker that should be as declared is not empty.
"""

import time
from collections.abc import Iterable, Mapping
from typing import Any, Final

from kafka.admin import KafkaAdminClient

from hub.errors import BrokerUnavailable, HubError
from hub.streaming import topic_admin
from hub.streaming.admin import connected
from hub.streaming.topic_plan import Plan, compare, wanted_config
from schemas.topics import Topic

_VISIBLE_WITHIN_S: Final = 30
_PAUSE_S: Final = 0.1


class TooFewBrokers(HubError):
    """There are fewer brokers than copies wanted of each record."""


def plan(
    connection: Mapping[str, Any], wanted: Iterable[Topic], prefix: str, replication: int
) -> Plan:
    """What differs on the broker from these topics, each with this prefix and so many copies.

    `connection`: what kafka-python's clients take. Looks only. Raises BrokerUnavailable,
    BrokerRefused, and TooFewBrokers when topics are missing that could not be created.
    """
    topics = tuple(wanted)
    names = {prefix + topic.name: wanted_config(topic, replication) for topic in topics}
    with connected(connection) as admin:
        result = compare(topics, topic_admin.look(admin, names), prefix, replication)
        running = topic_admin.brokers(admin)
    if result.creations and running < replication:
        raise TooFewBrokers(
            f"{replication} copies of each record are wanted, {running} broker(s) run",
            remedy="start more brokers, or set `replication`",
        )
    return result


def apply(connection: Mapping[str, Any], plan: Plan) -> None:
    """Mend what can be mended, and return once the broker shows it to clients.

    May run twice, also at the same time. Raises BrokerUnavailable and BrokerRefused.
    """
    with connected(connection) as admin:
        if plan.creations:
            topic_admin.create(admin, plan.creations)
        if plan.settings:
            topic_admin.set_values(admin, plan.settings)
        if plan.growths:
            topic_admin.grow(admin, plan.growths)
        until = time.monotonic() + _VISIBLE_WITHIN_S
        while not _shows(admin, plan):
            if time.monotonic() > until:
                raise BrokerUnavailable("the broker does not show what it acknowledged")
            time.sleep(_PAUSE_S)
        admin.wait_for_topics([*_sizes(plan)])


def _shows(admin: KafkaAdminClient, plan: Plan) -> bool:
    sizes = _sizes(plan)
    names: dict[str, dict[str, str]] = {name: {} for name in sizes}
    for setting in plan.settings:
        names.setdefault(setting.topic, {})[setting.key] = setting.wanted
    found = topic_admin.look(admin, names) if names else {}
    return all(
        name in found
        and found[name].partitions >= sizes.get(name, 1)
        and config.items() <= found[name].config.items()
        for name, config in names.items()
    )


def _sizes(plan: Plan) -> dict[str, int]:
    created = {creation.topic: 1 for creation in plan.creations}
    return created | {growth.topic: growth.wanted for growth in plan.growths}
