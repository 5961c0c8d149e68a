"""Whether this user may do on the broker what these settings ask for."""

from collections.abc import Iterator

from hub import wiring
from hub.doctor import needs
from hub.doctor.check import Check, Health
from hub.doctor.needs import READ, Needs
from hub.errors import HubError
from hub.settings import Settings
from hub.streaming import rights
from hub.streaming.rights import Allowed

SHOWN = 3
"""So many of the rights that are lacking are named."""


def of(settings: Settings) -> Iterator[Check]:
    """One line if all is allowed, else one for each part that lacks a right.

    Of a user that is there for one kind of process only the parts of that kind are asked.
    """
    needed = of_this_user(settings)
    try:
        found = _ask(settings, needed)
    except HubError as error:
        yield Check("rights", Health.FAIL, str(error), error.remedy)
        return
    user = settings.kafka.username or "anonymous"
    lacking = {name: list(_lacking(one, found)) for name, one in needed.items()}
    for name, rights_ in lacking.items():
        if rights_:
            yield _lacks(user, name, rights_)
    if not any(lacking.values()):
        parts = ", ".join(needed) or "what is not looked at here"
        yield Check("rights", Health.OK, f"user {user} may do what is needed for {parts}")


def of_this_user(settings: Settings) -> dict[str, Needs]:
    """What is needed by the parts that come as this user; of a user of nobody's own, by all."""
    roles = {user.name: user.role for user in wiring.process_users(settings)}
    role = roles.get(settings.kafka.username or "")
    parts = needs.of(settings)
    return {part: one for part, one in parts if role in (None, needs.ROLES[part])}


def _ask(settings: Settings, needed: dict[str, Needs]) -> Allowed:
    topics = {topic for one in needed.values() for topic in one.topics}
    groups = {group for one in needed.values() for group in one.groups}
    names = {name for one in needed.values() for name in one.transactions}
    connection = settings.kafka.kafka_python()
    return rights.allowed(connection, sorted(topics), sorted(groups), sorted(names))


def _lacking(needed: Needs, found: Allowed) -> Iterator[str]:
    """As an operator would grant it: `Write on topic ledger`."""
    for topic, operations in sorted(needed.topics.items()):
        for operation in sorted(operations - found.topics.get(topic, operations)):
            yield f"{operation.capitalize()} on topic {topic}"
    for group in needed.groups:
        if READ not in found.groups.get(group, {READ}):
            yield f"Read on group {group}"
    for name in needed.transactions:
        if not found.transactions.get(name, True):
            yield f"Write on transactional id {name.rpartition('.')[0]}.*"


def _lacks(user: str, name: str, lacking: list[str]) -> Check:
    more = f" and {len(lacking) - SHOWN} more" if len(lacking) > SHOWN else ""
    found = f"user {user} lacks {', '.join(lacking[:SHOWN])}{more}"
    remedy = f"Grant them to {user}: hub users apply makes the hub's own; or name another user."
    return Check(f"rights {name}", Health.FAIL, found, remedy)
