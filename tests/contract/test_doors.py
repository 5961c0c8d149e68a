"""Every door keeps what every door promises."""

import asyncio
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from threading import Event as Stop
from typing import Any

import httpx
import pytest

from connectors.base import Batch, Publish
from connectors.file_drop.source import FileDropSource
from connectors.runner.source_loop import run_source
from tests.contract.door_suite import DoorSuite, Said, Subject
from tests.contract.subject_outbox import Outbox, disposed
from tests.support.drop_folder import QUIET_READS, DropFolder
from tests.support.http_door import STRUCTURED, client_of
from tests.support.postgres import Postgres
from tests.support.wire_forms import as_text


class Dropped:
    """A system that writes one file with one event in each line."""

    def __init__(self, root: Path) -> None:
        """Drop into an empty folder."""
        self._folder = DropFolder(root)

    def hand_in(self, said: Sequence[Said]) -> None:
        """Drop the file."""
        lines = [as_text({"specversion": "1.0"} | one) for one in said]
        self._folder.drop("events.jsonl", "\n".join(lines).encode())

    def carry(self, publish: Publish) -> None:
        """Run a source until it is quiet."""
        stop = Stop()
        run_source(_UntilQuiet(self._folder.source(batch_events=4), stop), publish, stop)

    def refused(self) -> Mapping[int, set[str]]:
        """The codes in the report."""
        found: dict[int, set[str]] = {}
        for line in self.told().splitlines():
            entry = json.loads(line)
            found.setdefault(entry["line"] - 1, set()).add(entry["code"])
        return found

    def told(self) -> str:
        """The report, if there is one."""
        reports = sorted(
            (self._folder.root / self._folder.party / "refused").glob("*.report.jsonl")
        )
        return "".join(report.read_text("utf-8") for report in reports)


class _UntilQuiet:
    """A source that ends its loop when it has been quiet for a while."""

    def __init__(self, source: FileDropSource, stop: Stop) -> None:
        self._source = source
        self._stop = stop
        self._quiet = 0

    def read(self) -> Batch | None:
        batch = self._source.read()
        self._quiet = 0 if batch else self._quiet + 1
        if self._quiet >= QUIET_READS:
            self._stop.set()
        return batch

    def close(self) -> None:
        self._source.close()


class Posted:
    """A system that posts one event after the other, each until it has an answer."""

    def __init__(self) -> None:
        """Nothing to say yet."""
        self._said: list[Said] = []
        self._answered = 0
        self._refused: dict[int, str] = {}

    def hand_in(self, said: Sequence[Said]) -> None:
        """Keep them until a door is open."""
        self._said += said

    def carry(self, publish: Publish) -> None:
        """Post what has no answer yet."""
        asyncio.run(self._post_all(publish))

    def refused(self) -> Mapping[int, set[str]]:
        """The codes in the answers."""
        return {
            place: {problem["code"] for problem in json.loads(answer)["problems"]}
            for place, answer in self._refused.items()
        }

    def told(self) -> str:
        """The answers."""
        return str(list(self._refused.values()))

    async def _post_all(self, publish: Publish) -> None:
        async with client_of(publish) as client:
            while self._answered < len(self._said):
                answer = await self._post(client, self._said[self._answered])
                if answer.status_code >= 500:
                    continue
                if answer.status_code != 202:
                    self._refused[self._answered] = answer.text
                self._answered += 1

    async def _post(self, client: httpx.AsyncClient, said: Said) -> httpx.Response:
        return await client.post("/events", json=_specified(said), headers=STRUCTURED)


def _specified(said: Said) -> dict[str, Any]:
    return {"specversion": "1.0"} | said


class TestFileDrop(DoorSuite):
    """Files in a folder."""

    @pytest.fixture
    def subject(self, tmp_path: Path) -> Subject:
        """An empty folder."""
        return Dropped(tmp_path)


class TestHttpApi(DoorSuite):
    """Requests by HTTP."""

    @pytest.fixture
    def subject(self) -> Subject:
        """A system that has not posted yet."""
        return Posted()


class TestOutboxOnSqlite(DoorSuite):
    """Rows in the party's own SQLite file."""

    @pytest.fixture
    def subject(self, tmp_path: Path) -> Iterator[Subject]:
        """An empty outbox."""
        with disposed(Outbox.on_sqlite(tmp_path)) as outbox:
            yield outbox


@pytest.mark.postgres
class TestOutboxOnPostgres(DoorSuite):
    """Rows in the party's own PostgreSQL."""

    @pytest.fixture
    def subject(self, postgres: Postgres) -> Iterator[Subject]:
        """An empty outbox."""
        with disposed(Outbox.on_postgres(postgres)) as outbox:
            yield outbox
