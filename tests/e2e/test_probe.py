"""Probes through real doors, lanes and sinks: all come through, or it is said where they stay."""

import signal
import sqlite3
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from itertools import count
from pathlib import Path
from typing import Any, Final

import httpx
import pytest

from connectors.callers.tokens import digest
from connectors.sql_outbox.ddl import ddl
from connectors.sql_outbox.options import Options
from hub import doors
from hub.broker.ports import free
from hub.machine import apply_topics
from hub.monitor.probed import Probed
from hub.monitor.probes import Stage
from hub.operations import watched
from hub.operations.monitor import monitor
from hub.operations.probe_plan import plan
from hub.operations.probing import go_round
from hub.settings import Settings
from tests.support.builders import EPPERTSHAUSEN, KFB
from tests.support.command import hub, running_hub
from tests.support.waiting import until

pytestmark = [pytest.mark.e2e, pytest.mark.broker]
TOKEN: Final = "invented-token-of-the-hub"
DOORS: Final = ("http_api", "file_drop", "sql_outbox")
WAYS: Final = {
    ("http_api", KFB),
    ("http_api", EPPERTSHAUSEN),
    ("file_drop", KFB),
    ("file_drop", EPPERTSHAUSEN),
    ("sql_outbox", EPPERTSHAUSEN),
}
SHORT_S: Final = 5
"""How long is waited for a probe that is known to stay; longer each time it is not there yet."""


class Site:
    """A hub of this test's own: a worker, three doors, the inbox tables of two parties.

    Doors and sinks run in threads, as they do in `hub web`.
    """

    def __init__(self, bootstrap: str, folder: Path) -> None:
        """Make topics and tables; nothing runs yet."""
        http, self.port = free(2)
        self.folder, self.outbox = folder, folder / "outbox.sqlite"
        self.inbox = folder / "inbox.sqlite"
        with closing(sqlite3.connect(self.outbox)) as connection:
            connection.executescript(ddl(Options(), "sqlite"))
        self.settings = Settings.model_validate(
            {
                "kafka": {"bootstrap": bootstrap},
                "topic_prefix": "probed.",
                "http_api": {"port": http, "tokens": {digest(TOKEN): "hub"}},
                "file_drop": {"root": folder / "parties", "parties": ["hub"]},
                "sql_outbox": {"database": f"sqlite:///{self.outbox}", "party": EPPERTSHAUSEN},
                "backoffice": {
                    "database": f"sqlite:///{self.inbox}",
                    "parties": [KFB, EPPERTSHAUSEN],
                },
                "monitor": {
                    "port": self.port,
                    "state": folder / "monitor.json",
                    "watch_senders": False,
                    "probe": {"token": TOKEN, "sql_outbox": True, "every_s": 1, "within_s": 8},
                },
            }
        )
        self._running: dict[str, tuple[threading.Thread, threading.Event]] = {}
        apply_topics(self.settings)

    def start(self, name: str, run: Callable[[Settings, threading.Event], None]) -> None:
        """Run this until it is told to stop."""
        stop = threading.Event()
        thread = threading.Thread(target=run, args=(self.settings, stop), name=name)
        self._running[name] = thread, stop
        thread.start()

    def connect(self, name: str) -> None:
        """Run a connector."""
        self.start(name, doors.DOORS[name])

    def stop(self, name: str) -> None:
        """End it well."""
        thread, stop = self._running.pop(name)
        stop.set()
        thread.join()

    def close(self) -> None:
        """End all that runs."""
        for name in [*self._running]:
            self.stop(name)

    def probe(self, within_s: float, door: str = "", to: str = "") -> tuple[Probed, ...]:
        """One round; by all ways, or by one."""
        planned = plan(self.settings, [door] if door else (), [to] if to else ())
        return go_round(self.settings, planned, watched.now, within_s, threading.Event()).probed

    def comes_through(self) -> bool:
        """Whether every probe does."""
        return all(one.stuck is None for one in self.probe(20))

    def stays(self, door: str, stage: Stage) -> str:
        """With whom a probe through this door stays, once it comes no farther than that."""
        found: list[Probed] = []
        longer = count(1)

        def there() -> bool:
            found[:] = self.probe(SHORT_S * next(longer), door, KFB)
            return found[0].stuck is stage

        until(there)
        return found[0].at.removeprefix(self.settings.topic_prefix)

    def known(self) -> dict[str, Any]:
        """What the monitor knows; nothing as long as it does not answer."""
        try:
            answer = httpx.get(f"http://127.0.0.1:{self.port}/snapshot", timeout=60)
        except httpx.HTTPError:
            return {"probes": [], "incidents": []}
        found: dict[str, Any] = answer.json()
        return {"probes": [], "incidents": []} | found


def rows(database: Path, *tables: str) -> int:
    """How many there are in these tables."""
    with closing(sqlite3.connect(database)) as connection:
        counts = [connection.execute(f"SELECT count(*) FROM {name}") for name in tables]  # noqa: S608 - names of ours
        return sum(count.fetchone()[0] for count in counts)


@pytest.fixture(scope="module")
def site(kafka: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The connectors run."""
    with closing(Site(kafka, tmp_path_factory.mktemp("probe"))) as site:
        for name in (*DOORS, "backoffice"):
            site.connect(name)
        yield site


@pytest.fixture
def worker(site: Site) -> Iterator[Callable[[], subprocess.Popen[str]]]:
    """Starts a worker; all come through before a test begins."""
    env = {
        "HUB_KAFKA__BOOTSTRAP": site.settings.kafka.bootstrap,
        "HUB_TOPIC_PREFIX": site.settings.topic_prefix,
    }
    with ExitStack() as stack:

        def start() -> subprocess.Popen[str]:
            return stack.enter_context(running_hub("worker", folder=site.folder, env=env))

        yield start


@pytest.mark.timeout(600)
def test_it_comes_through_or_is_said_where_it_stays(
    site: Site, worker: Callable[[], subprocess.Popen[str]]
) -> None:
    """By every door to every inbox; at a closed door, an idle lane, an inbox nobody fills."""
    first = worker()
    until(site.comes_through)

    probes = site.probe(60)
    assert {(one.door, one.recipient) for one in probes} == WAYS
    for one in probes:
        assert one.stuck is None
        assert one.took.keys() == set(Stage)
        assert one.total == max(one.took.values())

    assert rows(site.inbox, "inbox", "receipts", "faulty") == 0
    assert rows(site.inbox, "positions") == 2
    assert rows(site.outbox, "outbox") == 0
    folder = site.settings.file_drop.root / "hub"
    assert [*folder.glob("in/*"), *folder.glob("refused/*")] == []

    site.stop("file_drop")
    assert site.stays("file_drop", Stage.DOOR) == "file_drop"
    assert [*folder.glob("in/*")] == []
    site.stop("http_api")
    (closed,) = site.probe(60, "http_api", KFB)
    assert (closed.stuck, closed.objection) == (Stage.DOOR, "no answer, ConnectError")

    site.connect("file_drop")
    first.send_signal(signal.SIGTERM)
    assert first.wait(60) == 0
    assert site.stays("file_drop", Stage.LANE) == "kurze-wege"

    site.stop("backoffice")
    worker()
    assert site.stays("file_drop", Stage.INBOX) == "kurze-wege.backoffice"

    site.connect("backoffice")
    site.connect("http_api")
    site.start("monitor", monitor)
    until(lambda: _through(site) and not _stuck(site))
    site.stop("backoffice")
    until(lambda: _stuck(site) == ["probed.kurze-wege.backoffice"])
    address = f"http://127.0.0.1:{site.port}"
    labels = 'cluster_name="kurze-wege",door="http_api",recipient="kfb",stage="inbox"'
    line = f"hub_probe_stuck{{{labels}}} 1.0"
    # the first to stay opens the incident; this one may stay a round later
    until(lambda: line in httpx.get(f"{address}/metrics", timeout=60).text)
    metrics = httpx.get(f"{address}/metrics", timeout=60).text
    board = httpx.get(f"{address}/", headers={"Accept-Language": "en"}, timeout=60).text
    site.connect("backoffice")
    until(lambda: _through(site) and not _stuck(site))

    assert line in metrics
    assert "A probe did not come through" in board


def test_what_cannot_be_probed_says_so(tmp_path: Path) -> None:
    """Without doors there is no way, and `hub probe` names what each of them lacks."""
    said = hub("probe", folder=tmp_path, env={"HUB_BACKOFFICE__PARTIES": KFB})

    assert (said.code, said.out) == (2, "")
    assert "http_api: http_api.tokens is not set" in said.err


def _through(site: Site) -> bool:
    probes = site.known()["probes"]
    return len(probes) == len(WAYS) and all(one["through"] for one in probes)


def _stuck(site: Site) -> list[str]:
    return [one["subject"] for one in site.known()["incidents"] if one["state"] == "STUCK"]
