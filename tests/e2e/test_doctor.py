"""Each part of a running hub is killed in turn: `hub doctor` names it, and nothing is lost."""

import json
import signal
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import httpx
import psutil
import pytest

from connectors.callers.tokens import digest
from hub.broker.cluster import Cluster
from hub.broker.ports import free
from hub.doctor.check import Health
from hub.doctor.rounds import examine
from hub.machine import environment
from hub.origins import load
from tests.support.command import Said, hub, running_hub
from tests.support.kafka import cluster
from tests.support.waiting import until

pytestmark = [pytest.mark.e2e, pytest.mark.broker]

EXAMPLE = Path("schemas/examples/referral.requested/v1/valid/minimal.json").resolve()
SENDER: Final = "06432005"
TOKEN: Final = "an-invented-token-of-a-town-hall"
LOOK_S: Final = 0.5
KILLED: Final = {
    "file_drop": ("connect file_drop", "warn", "hub connect file_drop"),
    "http_api": ("connect http_api", "fail", "hub connect http_api"),
    "backoffice": ("connect backoffice", "warn", "hub connect backoffice"),
    "ledger": ("connect ledger", "warn", "hub connect ledger"),
    "workers": ("worker", "warn", "hub worker"),
}
"""By the line that names it: the command of each part, how bad it is, and what starts it."""


class Site:
    """A hub with a broker of its own, all under one `hub up` that can be frozen."""

    def __init__(self, kafka: Cluster, folder: Path) -> None:
        """Nothing runs yet but Kafka."""
        (self.port,) = free(1)
        self.kafka, self.folder = kafka, folder
        self.inbox = folder / "inbox.sqlite"
        self.sent: list[str] = []
        given = {
            "data_folder": str(folder),
            "kafka.bootstrap": kafka.bootstrap,
            "worker.session_timeout_s": 6,
            "file_drop.root": str(folder / "parties"),
            "file_drop.parties": [SENDER],
            "file_drop.settle_ms": 0,
            "http_api.port": self.port,
            "http_api.tokens": {digest(TOKEN): SENDER},
            "backoffice.database": f"sqlite:///{self.inbox}",
            "backoffice.parties": ["kfb"],
            "ledger.database": f"sqlite:///{folder / 'ledger.sqlite'}",
            "monitor.state": str(folder / "monitor.json"),
        }
        self.settings, self.env = load(given), environment(given)

    @contextmanager
    def running(self) -> Iterator[psutil.Process]:
        """All parts under one supervisor, which is yielded."""
        with running_hub("up", folder=self.folder, env=self.env) as up:
            yield psutil.Process(up.pid)
            up.send_signal(signal.SIGTERM)
            assert up.wait(60) == 0

    def doctor(self) -> Said:
        """What the command says now."""
        return hub("doctor", "-o", "json", folder=self.folder, env=self.env)

    def ill(self) -> set[str]:
        """The parts that are not well, as the command would find them."""
        found = examine(self.settings, datetime.now(UTC))
        return {one.part for one in found if one.health is not Health.OK}

    def until_named(self, part: str) -> None:
        """Return once this part is not well."""
        until(lambda: part in self.ill(), every_s=LOOK_S)

    def is_well(self) -> bool:
        """Whether there is nothing to say."""
        return not self.ill()

    def hand_in(self) -> None:
        """Drop one event as a file; post another, which the door may not be there to take."""
        inbox = self.folder / "parties" / SENDER / "in"
        event = self._event()
        (inbox / f".{event['id']}").write_text(json.dumps(event), encoding="utf-8")
        (inbox / f".{event['id']}").rename(inbox / f"{event['id']}.jsonl")
        event = self._event()
        headers = {
            "Authorization": f"Bearer {TOKEN}",
            "Content-Type": "application/cloudevents+json",
        }
        try:
            answer = httpx.post(
                f"http://127.0.0.1:{self.port}/events", json=event, headers=headers, timeout=30
            )
            answer.raise_for_status()
        except httpx.HTTPError:  # the sender heard so, and does not take it for sent
            self.sent.remove(event["id"])

    def _event(self) -> dict[str, Any]:
        event: dict[str, Any] = json.loads(EXAMPLE.read_text(encoding="utf-8"))
        event["data"] |= {"service": "benefit_advice"}
        self.sent.append(f"e-{len(self.sent)}-{datetime.now(UTC).timestamp()}")
        yesterday = (datetime.now(UTC) - timedelta(days=1)).isoformat()
        event |= {"purpose": "benefits", "legalbasis": "sgb10-69", "time": yesterday}
        return event | {"id": self.sent[-1], "subject": f"case-{len(self.sent)}"}

    def kept(self) -> list[str]:
        """The events that led to what lies in the jobcenter's inbox, one for each delivery."""
        with closing(sqlite3.connect(self.inbox)) as tables:
            return [row[0] for row in tables.execute("SELECT causation_id FROM inbox")]


def _process(up: psutil.Process, command: str) -> psutil.Process:
    """The child that runs this command of `hub`."""
    running = {" ".join(one.cmdline()): one for one in up.children(recursive=True)}
    (found,) = (one for words, one in running.items() if words.endswith(f"-m hub {command}"))
    return found


@pytest.fixture(name="site")
def _site(tmp_path: Path) -> Iterator[Site]:
    """A Kafka of this test's own, to be killed, and a folder for all the rest."""
    with cluster(tmp_path / "kafka") as kafka:
        yield Site(kafka, tmp_path)


@pytest.mark.timeout(600)
def test_each_part_killed_in_turn(site: Site) -> None:
    """Doctor names what was killed and how to start it, then finds all well; nothing is lost."""
    with site.running() as up:
        until(site.is_well, every_s=LOOK_S)
        for part, (command, health, start) in KILLED.items():
            site.hand_in()
            up.suspend()  # who is frozen starts nothing again
            _process(up, command).kill()
            site.until_named(part)
            _says(site.doctor(), part, health, start)
            site.hand_in()
            up.resume()
            until(site.is_well, every_s=LOOK_S)

        site.kafka.nodes[0].kill()
        _says(site.doctor(), "broker", "fail", "hub broker")
        site.hand_in()
        site.kafka.nodes[0].start()
        site.kafka.await_ready()
        until(site.is_well, every_s=LOOK_S)

        until(lambda: len(site.kept()) >= len(site.sent))
        assert sorted(site.kept()) == sorted(site.sent)
        assert site.doctor().code == 0


def _says(said: Said, part: str, health: str, start: str) -> None:
    """The command names this part and no other, how bad it is, and what starts it."""
    (named,) = (one for one in said.data["checks"] if one["health"] != "ok")
    assert (named["part"], named["health"]) == (part, health)
    assert start in named["remedy"]
    assert said.code == {"warn": 3, "fail": 1}[health]
