"""Lets a day happen: hands it in round by round, waits until all has arrived, reckons."""

import threading
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from typing import Final

from hub import wiring
from hub.demo import folders
from hub.demo.errors import PartNotReady
from hub.demo.inbox import Inbox
from hub.demo.listening import Listener, topics
from hub.demo.options import Options
from hub.demo.parts import Parts
from hub.demo.posting import Poster
from hub.demo.reckoning import Found, handed, reckon, wanted, wanted_receipts
from hub.demo.sample import POSTS, HandIn, Place, Post, Sample
from hub.demo.summary import Summary
from hub.demo.waiting import Patience
from hub.signing.keys_file import load_keys
from hub.streaming.reading import Reader

TAKEN_WITHIN_S: Final = 60.0
TABLES_EVERY_S: Final = 0.25
"""How often to look into the tables while waiting for the last rows."""
Progress = Callable[[int, int], None]
"""Hears how many events were handed in, and how many copies and receipts have arrived."""


@dataclass(slots=True)
class Day:
    """A day on its way through the hub."""

    sample: Sample
    parts: Parts
    options: Options
    stop: threading.Event
    progress: Progress
    _handed_in: dict[str, float] = field(default_factory=dict)
    _at_doors: dict[Place, set[str]] = field(default_factory=dict)
    _events_in: int = 0

    def run(self) -> Summary:
        """Hand everything in, wait for what must arrive, and reckon. Raises HubError."""
        parts = self.parts
        prefix = parts.settings.topic_prefix
        names = topics(prefix, wiring.parties(parts.settings).by_id)
        poster = Poster(parts.port, parts.tokens, self.stop)
        reader = Reader(parts.connection, names)
        with closing(Listener(reader, prefix, parts.opener())) as listener, closing(poster):
            for number in range(self.sample.expected.rounds):
                self._round(number, poster, listener)
            inbox = Inbox(parts.database)
            self._await_all(listener, inbox)
            self._at_doors |= folders.refusals(parts.parties, self.sample.files)
            with listener.changed:
                found = Found(
                    listener.seen, inbox.deliveries(), self._at_doors, dict(self._handed_in)
                )
            summary = reckon(self.sample.expected, found)
            if parts.settings.signatures.keys_file is not None:
                keys = load_keys(parts.settings.signatures.keys_file)
                summary.unproven = inbox.unproven(keys, parts.again())
            return summary

    def _round(self, number: int, poster: Poster, listener: Listener) -> None:
        """What systems hand in at one hour: at once; the next hour only when it is settled.

        Nobody answers what they have not been told, so the order of each case is kept.
        """
        files = [file for file in self.sample.files if file.round == number]
        by_party: dict[str, list[Post]] = {}
        for post in self.sample.posts:
            if post.round == number:
                by_party.setdefault(post.party, []).append(post)
        for file in files:
            self._handed_in[file.name] = time.monotonic()
            folders.drop(self.parts.parties, file)
        self._count(listener, sum(1 for t in self.sample.expected.told() if t.round == number))
        with ThreadPoolExecutor(max(1, len(by_party))) as pool:
            list(pool.map(lambda posts: self._post(posts, poster), by_party.values()))
        self._await_taken(files, listener)
        self._await_settled(number, listener)

    def _post(self, posts: Iterable[Post], poster: Poster) -> None:
        for post in posts:
            self._handed_in[handed(Place(POSTS, post.line))] = time.monotonic()
            self._at_doors |= poster.post(post)

    def _await_taken(self, files: list[HandIn], listener: Listener) -> None:
        def taken() -> bool:
            self._count(listener, 0)
            return folders.are_taken(self.parts.parties, files)

        if not Patience(self.stop).until(taken, TAKEN_WITHIN_S):
            what = f"{len(files)} files were not taken from the parties' folders."
            where = str(self.parts.parties)
            raise PartNotReady(what, where=where, remedy=f"Read the logs in {self.parts.logs}")

    def _await_settled(self, number: int, listener: Listener) -> None:
        """Until the hub has said of all that was let in so far what it did with it.

        What a round leads to is so over before the next; what does not come is counted at the end.
        """
        expected = self.sample.expected
        let_in = sum(good.round <= number for good in expected.events)
        let_in += sum(fault.at == "hub" and fault.round <= number for fault in expected.faults)

        def settled() -> bool:
            self._count(listener, 0)
            with listener.changed:
                return listener.seen.taken >= let_in and listener.seen.is_settled

        Patience(self.stop).until(settled, TAKEN_WITHIN_S)

    def _await_all(self, listener: Listener, inbox: Inbox) -> None:
        """Until all has arrived and nothing more can come, or nothing new comes any more."""
        copies = wanted(self.sample.expected)
        receipts = wanted_receipts(self.sample.expected)
        last, last_at = -1, time.monotonic()

        def over() -> bool:
            nonlocal last, last_at
            arrived = self._count(listener, 0)
            if arrived != last:
                last, last_at = arrived, time.monotonic()
            with listener.changed:
                seen = listener.seen
                complete = (
                    seen.is_settled
                    and copies.keys() <= seen.copies.keys()
                    and receipts <= seen.receipts
                )
                ends = seen.ends_of_parties(self.parts.settings.topic_prefix)
            kept = inbox.positions()
            in_tables = all(kept.get(topic, 0) >= end for topic, end in ends.items())
            return (complete and in_tables) or time.monotonic() - last_at > self.options.quiet_s

        Patience(self.stop).until(over, self.options.deadline_s, TABLES_EVERY_S)

    def _count(self, listener: Listener, handed_in: int) -> int:
        listener.check()
        self._events_in += handed_in
        with listener.changed:
            arrived = listener.seen.copies.total() + listener.seen.receipts.total()
        self.progress(self._events_in, arrived)
        return arrived
