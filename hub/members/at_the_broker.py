"""A party's topic and users at the broker, made as the register says."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from hub import wiring
from hub.membership.membership import Membership, State
from hub.settings import Settings
from hub.streaming import topics, users
from schemas.topics import delivery_topic


def made_so(
    settings: Settings, member: Membership, now: datetime, passwords: Mapping[str, str]
) -> Iterator[str]:
    """Let the party do just what it may; what was done, and what a person must do.

    `passwords`: of new users, by name. Raises BrokerUnavailable and BrokerRefused.
    """
    connection = settings.kafka.kafka_python()
    if member.state is State.ACTIVE:
        topic = delivery_topic(member.party)
        plan = topics.plan(connection, [topic], settings.topic_prefix, settings.replication)
        if not plan.is_empty:
            topics.apply(connection, plan)
        yield from (f"The topic {one.topic} was made." for one in plan.creations)
    done = users.apply(connection, wiring.member_users(settings, [member], now), passwords)
    for one in done.found:
        if one.lacks:
            yield f"{one.name} may read its deliveries."
        elif one.is_left or one.exceeds:
            yield f"{one.name} may do nothing any more that it should not."
    for one in done.left:
        yield f"{one.name} has no password: hub party rotate {member.party} --now"


def is_reached(settings: Settings, member: Membership, now: datetime) -> None:
    """Return if the broker answers and shows its users; raises what `made_so` would."""
    users.plan(settings.kafka.kafka_python(), wiring.member_users(settings, [member], now))
