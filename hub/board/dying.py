"""What died, grouped by cause, held in memory without a content: what the page of it shows."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Final, NamedTuple

from hub.letters.journal import Entry
from hub.letters.letter import Letter
from hub.letters.shelf import Cause, Kept, Status, causes, shelf
from schemas.codec import Record

MOST: Final = 20_000
"""So many letters are held; of more the newest."""
SHOWN: Final = 50
"""So many of a cause are shown one by one."""
EMPTY: Final = Record(None, None, [])


class Died(NamedTuple):
    """All of it, as it was read last."""

    at: datetime
    kept: tuple[Kept, ...] = ()
    """In the order of death; their records are empty."""
    is_whole: bool = True
    """Whether all that lies there is held."""

    @property
    def causes(self) -> list[Cause]:
        """The groups, those with the most open letters first."""
        return causes(self.kept)

    def of(self, cause: Cause) -> list[Kept]:
        """The newest open letters of a cause."""
        found = [
            one
            for one in reversed(self.kept)
            if one.status is Status.OPEN
            and one.letter.codes == cause.codes
            and one.letter.sender == cause.sender
            and one.letter.attributes.get("type", "") == cause.event_type
        ]
        return found[:SHOWN]


class Holding:
    """Takes letters and what is done with them, one after the other; lets go of their contents."""

    def __init__(self, most: int = MOST) -> None:
        """Hold so many letters."""
        self._most = most
        self._letters: dict[str, Letter] = {}
        self._entries: list[Entry] = []
        self._is_whole = True

    def take(self, letters: Iterable[Letter]) -> None:
        """Letters as they lie there; beyond what is held the oldest go."""
        self._letters.update((one.id, emptied(one)) for one in letters)
        by_age = sorted(self._letters, key=lambda name: self._letters[name].at)
        gone = by_age[: max(0, len(by_age) - self._most)]
        for name in gone:
            del self._letters[name]
        self._is_whole = self._is_whole and not gone

    def note(self, entries: Iterable[Entry]) -> None:
        """What was done."""
        self._entries.extend(entries)

    def forget(self, starts: Mapping[tuple[str, int], int]) -> None:
        """Let go of letters that retention has deleted: below the first offset that is kept.

        `starts`: by topic, without the prefix, and partition.
        """
        for name in list(self._letters):
            topic, partition, offset = name.rsplit("/", 2)
            if int(offset) < starts.get((topic, int(partition)), 0):
                del self._letters[name]

    def died(self, at: datetime) -> Died:
        """What is held, as of this moment."""
        return Died(at, tuple(shelf(self._letters.values(), self._entries)), self._is_whole)


def emptied(letter: Letter) -> Letter:
    """The letter without what stood in it; its case is kept where its key told it."""
    attributes: dict[str, str] = {
        name: letter.attributes[name]
        for name in ("id", "source", "type")
        if name in letter.attributes
    }
    return letter._replace(record=EMPTY, attributes={**attributes, "subject": letter.case})
