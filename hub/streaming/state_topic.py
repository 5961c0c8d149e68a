"""The state of lanes as it lies on its topic: read, and written in a lane's own transaction."""

import asyncio

from hub.domain.decision import StateChanges
from hub.errors import HubError
from hub.state.comparison import Entry
from hub.streaming.cursor import Cursor
from hub.streaming.transaction import FENCED, Transactions


class WorkersRun(HubError):
    """Workers run, and would go on with a memory that is no longer the state's."""

    def __init__(self, what: str = "") -> None:
        """Keep what happened; what to do is always the same."""
        super().__init__(what, remedy="Stop all workers; `hub doctor` tells when none runs.")


class StateOfLane:
    """The entries of one lane, as far as they were read."""

    def __init__(self, cursor: Cursor) -> None:
        """Nothing is read yet."""
        self.entries: dict[bytes, Entry] = {}
        self._cursor = cursor

    async def read(self) -> None:
        """Read what is there by now."""
        while (record := await self._cursor.next()) is not None:
            if record.value is None:
                self.entries.pop(record.key, None)
            else:
                self.entries[record.key] = Entry(record.value, record.timestamp)

    async def is_whole(self) -> bool:
        """Whether nothing was written since it was read."""
        return await self._cursor.peek() is None


async def write(transactions: Transactions, changes: StateChanges, within_s: float) -> None:
    """Write these changes, all or none; raises WorkersRun if the lane has another owner by now."""
    try:
        async with asyncio.timeout(within_s):
            await transactions.write([], changes, {})
    except FENCED as error:
        what = f"A worker has taken lane {transactions.state.partition} over; it is as it was."
        raise WorkersRun(what) from error
