"""Which letters are uncovered in whose session: for some minutes after a reason was given."""

import threading
from datetime import datetime, timedelta
from typing import Final

FOR: Final = timedelta(minutes=5)
"""After that the reason is asked for again, and written down again."""


class Uncovered:
    """Held in memory: after a restart all is covered."""

    def __init__(self) -> None:
        """Nothing is uncovered."""
        self._until: dict[tuple[str, str], datetime] = {}
        self._lock = threading.Lock()

    def uncover(self, session: str, letter: str, now: datetime) -> None:
        """A reason was given, and stands in the journal."""
        with self._lock:
            self._until = {one: until for one, until in self._until.items() if until > now}
            self._until[session, letter] = now + FOR

    def cover(self, session: str, letter: str) -> None:
        """It was read."""
        with self._lock:
            self._until.pop((session, letter), None)

    def until(self, session: str, letter: str, now: datetime) -> datetime | None:
        """Until when this session sees the letter's content; None: it is covered."""
        until = self._until.get((session, letter))
        return until if until is not None and until > now else None
