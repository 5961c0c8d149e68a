"""The hub: `hub monitor` runs beside, and `hub lag` is asked; silence at simulated times."""

import random
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

import httpx

from hub import processes
from hub.broker.ports import free
from hub.domain.working_year import ZONE
from hub.monitor.senders import Senders
from hub.party_file import load_parties
from tests.bench.contender import ROOT
from tests.bench_lag.stage import PREFIX
from tests.bench_lag.word import BLIND, BLOCKED, LOST, NOBODY, REWOUND, SILENT, STUCK, Word
from tests.support.command import environment, hub
from tests.support.sending_habits import every_half_day, municipalities, year
from tests.support.waiting import until

SIGNS: Final = {
    "STOP": NOBODY, "DEAD": NOBODY, "STALL": STUCK, "BLOCKED": BLOCKED, "LOSS": LOST,
    "REWIND": REWOUND, "BLIND": BLIND, "AHEAD": LOST, "OFFLINE": BLIND, "BEHIND": "behind",
}  # fmt: skip
GRACE_S: Final = 15
NIGHT: Final = (datetime(2026, 3, 17, 16, tzinfo=ZONE), datetime(2026, 3, 18, 9, tzinfo=ZONE))
EASTER: Final = (datetime(2026, 4, 2, 16, tzinfo=ZONE), datetime(2026, 4, 7, 9, tzinfo=ZONE))


class Hub:
    """The monitor of a hub under the bench's prefix."""

    name = "hub"
    version = version("kurze-wege")

    def __init__(self, bootstrap: str, port: int, folder: Path) -> None:
        """Ask at this port."""
        self._folder = folder
        self._port = port
        self.env = {
            "HUB_KAFKA__BOOTSTRAP": bootstrap,
            "HUB_TOPIC_PREFIX": PREFIX,
            "HUB_MONITOR__PORT": str(port),
        }

    def snapshot(self) -> dict[str, Any]:
        """What the monitor knows."""
        found: dict[str, Any] = httpx.get(f"http://127.0.0.1:{self._port}/snapshot").json()
        return found

    def has_seen(self, since: datetime) -> bool:
        """Whether it has looked since then, with an answer."""
        try:
            found = self.snapshot()
        except (httpx.HTTPError, ValueError):
            return False
        seen = found.get("at") and datetime.fromisoformat(found["at"]) > since
        return bool(seen) and found["blind_since"] is None

    def ask(self, groups: Sequence[str]) -> Mapping[str, Word]:
        """`hub lag -o json`; of two scenes also whether a sender is called silent."""
        readers = hub("lag", "-o", "json", folder=self._folder, env=self.env).data["readers"]
        found = {one["group"]: _word(one) for one in readers if one["group"] in groups}
        for scene, (begin, end) in (("quiet-night", NIGHT), ("holiday", EASTER)):
            name = f"{PREFIX}scene.{scene}"
            if name in found and silent_between(begin, end):
                found[name] = Word(found[name].lag, found[name].signs | {SILENT})
        return found


def silent_between(begin: datetime, end: datetime) -> bool:
    """Whether any municipality is called silent that sent each half day up to `begin`."""
    parties = municipalities(load_parties())
    senders = Senders({party.id: party.working_time for party in parties})
    first = begin.date() - timedelta(days=90)
    for number, party in enumerate(parties):
        sent = year(party, every_half_day, random.Random(number), first, 91)
        senders.hear((party.id, at) for at in sent if at <= begin)
    steps = int((end - begin) / timedelta(minutes=30))
    looks = (begin + timedelta(minutes=30) * step for step in range(steps))
    return any(one.is_strange for now in looks for one in senders.silences(now.astimezone(UTC)))


@contextmanager
def running(bootstrap: str, folder: Path) -> Iterator[Hub]:
    """The monitor as a process, once it has seen the broker."""
    (port,) = free(1)
    made = Hub(bootstrap, port, folder)
    begun = datetime.now(UTC)
    with (folder / "monitor.log").open("ab") as log:
        argv = [sys.executable, "-m", "hub", "monitor"]
        state = {"HUB_MONITOR__STATE": str(folder / "monitor.json")}
        process = processes.spawn(
            argv, output=log, env=environment(**made.env, **state), folder=ROOT
        )
    try:
        until(lambda: made.has_seen(begun))
        yield made
    finally:
        processes.end(process, GRACE_S)


def _word(one: dict[str, Any]) -> Word:
    sign = SIGNS.get(one["state"])
    exact = "" if one["exact"] else "≤ "
    record = f", next {one['topic']}/{one['partition']}@{one['next']}" if one["next"] else ""
    says = f"{one['state']}, {exact}{one['lag']} wait{record}"
    return Word(one["lag"], frozenset({sign} if sign else ()), says)
