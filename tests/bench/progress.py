"""How far a group has come with its backlog, by the broker's own word."""

import time
from collections.abc import Callable, Sequence
from contextlib import closing
from typing import Final

from kafka import TopicPartition
from kafka.admin import KafkaAdminClient
from kafka.errors import KafkaError

from tests.bench.stage import Stage

LOOK_EVERY_S: Final = 0.3


class NotFinished(Exception):
    """A contender did not come to the end of its backlog in time."""


def await_end(
    stage: Stage,
    loaded: Sequence[int],
    limit_s: float,
    check: Callable[[], None],
    tell: Callable[[int], None] = lambda _done: None,
) -> None:
    """Return once the group has committed all of its backlog; raises NotFinished.

    `check` raises when waiting has become useless; `tell` hears how many events are done.
    """
    end = time.monotonic() + limit_s
    places = [TopicPartition(stage.source, number) for number in range(len(loaded))]
    with closing(KafkaAdminClient(bootstrap_servers=stage.bootstrap)) as admin:
        while True:
            committed = _committed(admin, stage.group, places)
            tell(sum(committed))
            if all(done >= wanted for done, wanted in zip(committed, loaded, strict=True)):
                return
            check()
            if time.monotonic() > end:
                raise NotFinished(f"{sum(committed)} of {sum(loaded)} events in {limit_s:.0f} s")
            time.sleep(LOOK_EVERY_S)


def await_members(stage: Stage, members: int, limit_s: float, check: Callable[[], None]) -> None:
    """Return once the group has so many members and has not changed for a while."""
    end, calm_since = time.monotonic() + limit_s, time.monotonic()
    with closing(KafkaAdminClient(bootstrap_servers=stage.bootstrap)) as admin:
        while time.monotonic() - calm_since < 10 * LOOK_EVERY_S:
            if not _is_settled(admin, stage.group, members):
                calm_since = time.monotonic()
            check()
            if time.monotonic() > end:
                raise NotFinished(f"the group did not settle with {members} members")
            time.sleep(LOOK_EVERY_S)


def _committed(admin: KafkaAdminClient, group: str, places: Sequence[TopicPartition]) -> list[int]:
    try:
        known = admin.list_group_offsets([group])[group]
    except KafkaError:
        return [0 for _ in places]  # nobody has joined yet
    return [max(0, known[place].offset) if place in known else 0 for place in places]


def _is_settled(admin: KafkaAdminClient, group: str, members: int) -> bool:
    try:
        found = admin.describe_groups([group])[group]
    except KafkaError:
        return False
    return found["group_state"] == "Stable" and len(found["members"]) == members
