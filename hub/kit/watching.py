"""Watches a running hub from outside: its topics, what its doors refuse, what is collected."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Final

from hub.demo.parts import Parts
from hub.kit.noted import Noted, Where
from hub.streaming.reading import Found, Reader
from hub.wiring import parties
from schemas.codec import decode
from schemas.errors import Unreadable
from schemas.events.ledger_recorded import LedgerRecorded
from schemas.topics import DELIVERY_PREFIX, INPUTS, LEDGER, delivery_topic

_ACKNOWLEDGED: Final = (
    "SELECT event_id FROM mailbox_items WHERE party = ? AND acknowledged_at IS NOT NULL"
)


class Watch:
    """Notes what is new each time it looks."""

    def __init__(self, parts: Parts, you: str) -> None:
        """Watch the hub of these parts, and what this party does at its doors."""
        self._prefix = parts.settings.topic_prefix
        self._you = you
        self._folder = parts.parties / you / "refused"
        self._log = parts.logs / "http_api.log"
        self._log_read = 0
        self._reports: dict[Path, int] = {}
        self._mailbox = parts.folder / "mailbox.sqlite"
        inside = [topic.name for topic in (*INPUTS, LEDGER)]
        theirs = [delivery_topic(party).name for party in parties(parts.settings).by_id]
        self._reader = Reader(parts.connection, [self._prefix + name for name in inside + theirs])

    def look(self, noted: Noted, wait_s: float) -> None:
        """Note what has come since the last look, waiting up to `wait_s` seconds for a record."""
        for found in self._reader.read(wait_s):
            self._note(found, noted)
        noted.refused_at_door += [*self._at_http_door(), *self._at_file_drop()]
        noted.collected |= set(self._collected())

    def close(self) -> None:
        """Let go of the broker."""
        self._reader.close()

    def _note(self, found: Found, noted: Noted) -> None:
        try:
            event = decode(found.record)
        except Unreadable:
            return  # whoever wrote past the doors hears of it from the hub
        name = found.topic.removeprefix(self._prefix)
        if isinstance(event.data, LedgerRecorded):
            noted.line(event.data)
        elif name.startswith(DELIVERY_PREFIX):
            noted.said[name.removeprefix(DELIVERY_PREFIX), event.context.id] = event
        else:
            noted.inputs[Where(found.topic, found.partition, found.offset)] = event

    def _at_http_door(self) -> Iterator[str]:
        """The codes in the door's log; a line that is not whole yet is read next time."""
        if not self._log.exists():
            return
        with self._log.open("rb") as log:
            log.seek(self._log_read)
            for line in log:
                if not line.endswith(b"\n"):
                    break
                self._log_read += len(line)
                if line.startswith(b"{"):
                    said = json.loads(line)
                    if said.get("party") == self._you:
                        yield from said.get("codes") or ()

    def _at_file_drop(self) -> Iterator[str]:
        """The codes in the reports beside the files that were given back."""
        for report in sorted(self._folder.glob("*.report.jsonl")):
            lines = report.read_text(encoding="utf-8").splitlines()
            for line in lines[self._reports.get(report, 0) :]:
                yield str(json.loads(line)["code"])
            self._reports[report] = len(lines)

    def _collected(self) -> Iterator[str]:
        if not self._mailbox.exists():
            return
        with closing(sqlite3.connect(f"file:{self._mailbox}?mode=ro", uri=True)) as tables:
            for (name,) in tables.execute(_ACKNOWLEDGED, (self._you,)):
                yield str(name)
