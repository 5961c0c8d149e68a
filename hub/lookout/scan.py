"""How much a group has before it, counted batch by batch and remembered from poll to poll."""

from collections.abc import Callable, Collection, Mapping
from datetime import UTC, datetime
from typing import Final

from hub.lookout.batches import readable
from hub.lookout.wire import Fetched
from hub.monitor.look import Ends, Place, Unread

AT_ONCE_BYTES: Final = 16 * 1024
"""Of each partition, where many are asked at once."""
ONE_BATCH: Final = 1
"""Of a partition that is asked alone: Kafka gives a whole batch, however large."""
COUNTED_BYTES: Final = 8 * 1024 * 1024
"""How much a poll reads to count on where the first record is known; the next one goes on."""
Asked = tuple[Place, int]
"""A partition, and the offset from which on a group has not read."""
Fetch = Callable[[Mapping[Place, int], int], dict[Place, Fetched]]
"""Reads bytes from these offsets on, at most so many for each partition."""


class Scans:
    """What is known of the records from each offset on; while a group stands it only grows."""

    def __init__(self, fetch: Fetch) -> None:
        """Nothing is known yet."""
        self._fetch = fetch
        self._known: dict[Asked, Unread] = {}

    def look(self, asked: Collection[Asked], ends: Mapping[Place, Ends]) -> dict[Asked, Unread]:
        """What lies before each; the first record of each is known, or that there is none.

        What is no longer asked for is forgotten.
        """
        self._known = {one: self._begin(one, ends[one[0]]) for one in asked}
        waiting = self._unfinished(ends)
        while waiting := [one for one in waiting if self._known[one].first is None]:
            read = self._round(waiting)
            waiting = [one for one in self._unfinished(ends) if read]
        budget = COUNTED_BYTES
        while budget > 0 and (waiting := self._unfinished(ends)):
            read = self._round(waiting)
            budget = budget - read if read else 0
        return dict(self._known)

    def _begin(self, asked: Asked, ends: Ends) -> Unread:
        _, offset = asked
        known = self._known.get(asked)
        if known is None or not ends.start <= known.until <= ends.stable:
            return Unread(0, max(offset, ends.start), None, None)
        return known

    def _unfinished(self, ends: Mapping[Place, Ends]) -> list[Asked]:
        return [one for one, known in self._known.items() if known.until < ends[one[0]].stable]

    def _round(self, waiting: Collection[Asked]) -> int:
        """Ask each partition once, for the first of its offsets; how many bytes were read."""
        turn: dict[Place, Asked] = {}
        for one in waiting:
            turn.setdefault(one[0], one)
        wanted = {place: self._known[one].until for place, one in turn.items()}
        answers = self._fetch(wanted, AT_ONCE_BYTES)
        read = 0
        for place, one in turn.items():
            answer = answers.get(place)
            if answer is not None and not answer.data:  # its next batch is larger than that
                answer = self._fetch({place: wanted[place]}, ONE_BATCH).get(place)
            if answer is not None:
                self._add(one, answer)
                read += len(answer.data)
        return read

    def _add(self, asked: Asked, answer: Fetched) -> None:
        known = self._known[asked]
        found = readable(answer.data, known.until, answer.aborted)
        if found.next_offset is None:
            return
        first, first_at = known.first, known.first_at
        if first is None and found.first_ms is not None:
            first = found.first
            first_at = datetime.fromtimestamp(found.first_ms / 1000, tz=UTC)
        records = known.records + found.records
        self._known[asked] = Unread(records, found.next_offset, first, first_at)
