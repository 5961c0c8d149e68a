"""What lies in the inbox tables, read as any other program would: from the SQLite file."""

import json
import sqlite3
from collections import Counter
from contextlib import closing
from pathlib import Path

from hub.demo.arrivals import Copy
from hub.signing.keys import Keys
from hub.signing.verifying import Encrypt, items, verify
from schemas.envelope import SEAL

_DELIVERIES = (
    "SELECT party, type, sender, causation_id, subject, count(*) FROM inbox GROUP BY 1, 2, 3, 4, 5"
)
_PROVEN = "SELECT proof, data FROM inbox UNION ALL SELECT proof, data FROM receipts"
_POSITIONS = "SELECT topic, next_offset FROM positions"
_OF_OFFERS = "SELECT topic, next_offset FROM directory_positions"


class Inbox:
    """A database with inbox tables, read only."""

    def __init__(self, file: Path) -> None:
        """Read this file; it need not be there yet."""
        self._file = file

    def is_there(self) -> bool:
        """Whether the tables have been made."""
        return bool(self._read("SELECT name FROM sqlite_master WHERE name = 'positions'"))

    def positions(self) -> dict[str, int]:
        """The offset behind the last row of each topic."""
        return {str(topic): int(offset) for topic, offset in self._read(_POSITIONS)}

    def positions_of_offers(self) -> dict[str, int]:
        """The same as far as offers are kept there; a desk keeps them."""
        if not self._read("SELECT name FROM sqlite_master WHERE name = 'directory_positions'"):
            return {}
        return {str(topic): int(offset) for topic, offset in self._read(_OF_OFFERS)}

    def deliveries(self) -> Counter[Copy]:
        """How often each copy lies there."""
        return Counter(
            {
                Copy(party, kind, sender, cause, subject): int(count)
                for party, kind, sender, cause, subject, count in self._read(_DELIVERIES)
            }
        )

    def unproven(self, keys: Keys, encrypt: Encrypt | None) -> int:
        """How many deliveries and receipts lie there that their keepers could prove nothing by."""
        return sum(
            not _is_proven(proof, data, keys, encrypt) for proof, data in self._read(_PROVEN)
        )

    def _read(self, query: str) -> list[tuple[str, ...]]:
        if not self._file.exists():
            return []
        with closing(sqlite3.connect(f"file:{self._file}?mode=ro", uri=True)) as connection:
            return list(connection.execute(query))


def _is_proven(proof: str | None, data: str, keys: Keys, encrypt: Encrypt | None) -> bool:
    """Whether every signature of a row holds, and the hub's seal is among them."""
    if proof is None:
        return False
    row = {"proof": json.loads(proof), "data": json.loads(data)}
    found = [one for item in items(json.dumps(row).encode()) for one in verify(item, keys, encrypt)]
    return all(one.found.is_good for one in found) and any(one.what == SEAL for one in found)
