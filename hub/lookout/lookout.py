"""Looks at groups, partitions and what waits between them: one poll, a handful of requests."""

import time
from collections.abc import Callable, Collection, Mapping
from contextlib import ExitStack
from datetime import datetime
from functools import partial
from types import TracebackType
from typing import Any, Final, Self

from kafka.admin import KafkaAdminClient
from kafka.errors import KafkaError

from hub.lookout import transactions, wire
from hub.lookout.groups import groups_of
from hub.lookout.leaders import leaders_of
from hub.lookout.scan import Asked, Scans
from hub.monitor.look import MISSING, Ends, Group, Look, Place
from hub.streaming.admin import connected, in_words

ANSWER_WITHIN_MS: Final = 10_000


class Lookout:
    """Asks one broker after the other in bulk; keeps its connections from poll to poll."""

    def __init__(
        self,
        connection: Mapping[str, Any],
        topics: Collection[str],
        expected: Mapping[str, Collection[str]],
        now: Callable[[], datetime],
        counted: Collection[str] = (),
    ) -> None:
        """Look at these topics, full names, and at every group that has to do with them.

        `expected`: groups and the topics they should read, in sight even if nobody ever joined.
        `counted`: topics whose records are counted from the first that is kept.
        """
        self._connection = connection
        self._topics = sorted(topics)
        self._expected = expected
        self._counted = frozenset(counted)
        self._now = now
        self._stack = ExitStack()
        self._admin: KafkaAdminClient | None = None
        self._scans: Scans | None = None
        self._stable_before: dict[Place, int] = {}

    def look(self) -> Look:
        """One poll; raises BrokerUnavailable and BrokerRefused, and connects anew after that."""
        try:
            if self._admin is None:
                self._admin = self._stack.enter_context(
                    connected(self._connection, ANSWER_WITHIN_MS)
                )
            return self._look(self._admin)
        except KafkaError as error:
            self.close()
            where = str(self._connection.get("bootstrap_servers", ""))
            raise in_words(error, where) from error

    def close(self) -> None:
        """Let go of the broker."""
        self._admin = self._scans = None
        self._stack.close()
        self._stack = ExitStack()

    def _look(self, admin: KafkaAdminClient) -> Look:
        begun = time.perf_counter()
        leaders, offline = leaders_of(admin, self._topics)
        known = {*leaders, *offline}
        groups = self._with_expected(
            groups_of(admin, known), known
        )  # before the ends: no lag is negative
        at = self._now()
        ends = _ends(admin, leaders)
        if self._scans is None:
            self._scans = Scans(partial(wire.fetch, admin, leaders))
        counted = {(place, ends[place].start) for place in ends if place.topic in self._counted}
        unread = self._scans.look(_asked(groups, ends) | counted, ends)
        held = {place: end.stable for place, end in ends.items() if end.stable < end.high}
        stuck = {place for place, at_ in held.items() if self._stable_before.get(place) == at_}
        self._stable_before = held
        return Look(
            at=at,
            took_s=time.perf_counter() - begun,
            groups=groups,
            ends=ends,
            offline=frozenset(offline),
            unread=unread,
            transactions=transactions.oldest(admin, stuck),
        )

    def _with_expected(self, found: dict[str, Group], known: Collection[Place]) -> dict[str, Group]:
        """The groups, and what they should read where they have not begun to."""
        for name, topics in self._expected.items():
            places = frozenset(place for place in known if place.topic in topics)
            group = found.get(name) or Group(MISSING, 0, {})
            found[name] = group._replace(owned=group.owned | places)
        return found

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def _ends(admin: KafkaAdminClient, leaders: wire.Leaders) -> dict[Place, Ends]:
    """The bounds of each partition whose leader answers; never one before the other."""
    start = wire.offsets(admin, leaders, wire.EARLIEST, stable=False)
    stable = wire.offsets(admin, leaders, wire.LATEST, stable=True)
    high = wire.offsets(admin, leaders, wire.LATEST, stable=False)
    return {
        place: Ends(start[place], stable[place], max(high[place], stable[place]))
        for place in high
        if place in start and place in stable
    }


def _asked(groups: Mapping[str, Group], ends: Mapping[Place, Ends]) -> set[Asked]:
    """From where on each group has something before it, or may have."""
    found: set[Asked] = set()
    for group in groups.values():
        for place in {*group.committed, *group.owned} & ends.keys():
            at = max(group.committed.get(place, 0), ends[place].start)
            if at < ends[place].stable:
                found.add((place, at))
    return found
