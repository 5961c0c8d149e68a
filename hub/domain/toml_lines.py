"""Finds the line on which a key stands in a TOML text, so that a mistake can be pointed at."""

import re
from collections.abc import Iterable
from typing import Final

_HEADER: Final = re.compile(r"""\s*\[{1,2}\s*([A-Za-z0-9_."'-]+)\s*\]{1,2}\s*(?:#.*)?$""")


class TomlLines:
    """The lines of a TOML text by the table they belong to; numbers count from 1."""

    def __init__(self, text: str) -> None:
        """Note which table each line belongs to."""
        self._lines = text.splitlines()
        self._tables: list[tuple[str, int]] = []
        """Each line's table; of several with one name, which."""
        table, counts = "", {"": 1}
        for line in self._lines:
            header = _HEADER.match(line)
            if header is not None:
                table = header[1].replace('"', "").replace("'", "")
                counts[table] = counts.get(table, 0) + 1
            self._tables.append((table, counts[table]))

    def of_top(self, *keys: str) -> int:
        """The line of the last of these keys that stands above all tables; else the first line."""
        inside = [n for n, (table, _) in enumerate(self._tables) if not table]
        return self._last_of(keys, inside) or 1

    def of_entry(self, array: str, nth: int, *keys: str) -> int | None:
        """The line of the last of these keys in the nth, from 0, table of an array, if any is."""
        return self._last_of(keys, self._entry(array, nth))

    def of_table(self, table: str, *keys: str) -> int | None:
        """The line of the last of these keys in a table and the tables below it, if any is."""
        inside = [
            n for n, (name, _) in enumerate(self._tables) if f"{name}.".startswith(f"{table}.")
        ]
        return self._last_of(keys, inside)

    def head(self, array: str, nth: int) -> int:
        """The line on which the nth, from 0, table of an array begins; else the first line."""
        return next(iter(self._entry(array, nth)), 0) + 1

    def _entry(self, array: str, nth: int) -> list[int]:
        """The lines of an entry, with those of the tables below it."""
        begins = [
            n for n, (name, count) in enumerate(self._tables) if name == array and count == nth + 1
        ]
        if not begins:
            return []
        found = []
        for number in range(begins[0], len(self._tables)):
            name, count = self._tables[number]
            if (name, count) != (array, nth + 1) and not name.startswith(f"{array}."):
                break
            found.append(number)
        return found

    def _last_of(self, keys: Iterable[str], inside: list[int]) -> int | None:
        for key in reversed(tuple(keys)):
            pattern = re.compile(rf"""\s*["']?{re.escape(key)}["']?\s*=""")
            for number in inside:
                header = _HEADER.match(self._lines[number])
                if pattern.match(self._lines[number]):
                    return number + 1
                if header is not None and header[1].rpartition(".")[2].strip("\"'") == key:
                    return number + 1
        return None
