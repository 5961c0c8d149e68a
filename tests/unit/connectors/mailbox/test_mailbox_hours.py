"""Two weeks of a town hall that is away, slow, hangs up or talks nonsense, step by step.

Time goes as fast as the test does. Beside it another town hall is well all the time.
"""

import random
import socket
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, closing
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

import httpx
import pytest
from structlog.testing import capture_logs

from connectors.mailbox.notices import Notices
from connectors.mailbox.store import Uncollected
from connectors.mailbox.upkeep import Upkeep
from hub.domain.agreed_times import AgreedTimes
from hub.domain.collection import collect_until, late_before
from schemas.data import Data
from schemas.envelope import Event
from tests.contract.subject_mailbox import (
    OTHER,
    OTHER_TOKEN,
    TOKEN,
    OnSqlite,
    a_running_mailbox,
    mailbox_options,
    notice,
)
from tests.support.deliveries import AT, FAMILY_NAME, PARTY

AGREED: Final = AgreedTimes()
STEP: Final = timedelta(hours=3)
ILL: Final = 9 * 8
"""For so many steps nothing is acknowledged."""
STEPS: Final = 14 * 8
HERE: Final = f"/mailbox/{PARTY}"
NONSENSE: Final = (
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    b"GET / HTTP/9.9\r\n\r\n",
    b"\x00" * 4096,
    f"GET {HERE} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer \xff\r\n\r\n".encode("latin-1"),
    b"POST " + b"a" * 100_000,
)


class TownHall:
    """Whoever calls with one party's token, in whatever mood."""

    def __init__(self, port: int, party: str, token: str, chance: random.Random) -> None:
        """Nothing is collected yet."""
        self.here = f"/mailbox/{party}"
        self.port = port
        self.chance = chance
        self.had: list[tuple[str, str]] = []
        """Case and id of what was acknowledged, in this order."""
        self.client = httpx.Client(
            base_url=f"http://127.0.0.1:{port}",
            headers={"Authorization": f"Bearer {token}"},
            timeout=60,
        )
        self.open: list[socket.socket] = []

    def close(self) -> None:
        """Hang up."""
        self.client.close()
        for line in self.open:
            line.close()

    def listed(self) -> list[dict[str, Any]]:
        """What is there."""
        items: list[dict[str, Any]] = self.client.get(self.here).json()["items"]
        return items

    def works(self) -> None:
        """Collects all there is, and acknowledges it, some of it twice."""
        while items := self.listed():
            for item in items:
                one = f"{self.here}/{item['id']}"
                event = self.client.get(one).json()
                assert (event["id"], event["data"]["client"]["family_name"]) == (
                    item["id"],
                    FAMILY_NAME,
                )
                for _ in range(self.chance.choice([1, 1, 2])):
                    assert self.client.post(f"{one}/acknowledge").status_code == 204
                self.had.append((item["subject"], item["id"]))

    def is_slow(self) -> None:
        """Fetches a few, acknowledges nothing, and leaves half a request open."""
        for item in self.listed()[:3]:
            assert self.client.get(f"{self.here}/{item['id']}").status_code == 200
        line = self._line()
        line.sendall(f"GET {self.here} HTTP/1.1\r\nHost: x\r\nAutho".encode())
        self.open.append(line)

    def hangs_up(self) -> None:
        """Asks for an item and does not wait for the answer."""
        asked = [item["id"] for item in self.listed()[:1]] or ["nothing"]
        with closing(self._line()) as line:
            head = f"Host: x\r\n{_bearer(TOKEN)}\r\n\r\n"
            line.sendall(f"GET {self.here}/{asked[0]} HTTP/1.1\r\n{head}".encode())

    def talks_nonsense(self) -> None:
        """Says what is no HTTP, asks for what is not there, acknowledges what it has not seen."""
        with closing(self._line()) as line:
            line.settimeout(0.2)
            line.sendall(self.chance.choice(NONSENSE))
        unseen = [item["id"] for item in self.listed() if not item["collected"]][:1]
        for name, status in {"nothing": 404, "%00": 400, **dict.fromkeys(unseen, 409)}.items():
            assert self.client.post(f"{self.here}/{name}/acknowledge").status_code == status
        assert self.client.get(f"{self.here}?after=x").status_code == 400
        assert self.client.delete(self.here).status_code == 405
        assert self.client.get("/mailbox/06432004").status_code == 403

    def is_away(self) -> None:
        """Does nothing."""

    def _line(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), 60)


def _bearer(token: str) -> str:
    return f"Authorization: Bearer {token}"


@pytest.fixture
def tables(tmp_path: Path) -> Iterator[OnSqlite]:
    """Empty mailboxes."""
    made = OnSqlite(f"sqlite:///{tmp_path / 'mailbox.sqlite'}")
    yield made
    made.engine.dispose()


class Clock:
    """The time of day in the mailbox."""

    at = AT

    def now(self) -> datetime:
        """What it shows."""
        return self.at


def test_two_weeks(tables: OnSqlite, chance: random.Random) -> None:
    """Everything is collected once, in order; what was late is said once, and nothing else is."""
    clock, came, names = Clock(), dict[str, datetime](), dict[str, str]()
    reported, due = Counter[str](), set[str]()
    with ExitStack() as stack:
        logs = stack.enter_context(capture_logs())
        store = stack.enter_context(closing(tables.store()))
        port, _ = stack.enter_context(a_running_mailbox(store, clock.now))
        ill, well = (
            stack.enter_context(closing(TownHall(port, party, token, chance)))
            for party, token in ((PARTY, TOKEN), (OTHER, OTHER_TOKEN))
        )
        notices = stack.enter_context(closing(_notices(tables, clock, names)))
        upkeep = Upkeep(store, mailbox_options(), clock.now)
        moods: list[Callable[[], None]] = [
            ill.is_away,
            ill.is_slow,
            ill.hangs_up,
            ill.talks_nonsense,
        ]
        for step in range(STEPS):
            clock.at += STEP
            tables.fill(range(2 * step, 2 * step + 2), clock.at)
            tables.fill(range(step, step + 1), clock.at, OTHER)
            came |= {f"{PARTY}-{2 * step + n}": clock.at for n in range(2)}
            reported.update(_said(notices, names))
            due |= _late(came, clock.at) - {name for _, name in ill.had}
            assert reported.keys() == due
            upkeep.step()
            well.works()
            chance.choice(moods if step < ILL else [*moods, ill.works])()
        ill.works()

    assert _by_case(ill.had) == _by_case([(f"case-{_number(name) % 5}", name) for name in came])
    assert len(well.had) == STEPS
    assert set(reported.values()) == {1}
    assert FAMILY_NAME not in str(logs)
    assert "mailbox_fault" not in {line["event"] for line in logs}
    assert tables.run("SELECT count(body) FROM mailbox_items") == [(0,)]


def _notices(tables: OnSqlite, clock: Clock, names: dict[str, str]) -> Notices:
    """What says what is late; `names` gets the item behind each report."""

    def say(one: Uncollected) -> Event[Data]:
        said = notice(one)
        names[said.context.id] = one.event_id
        return said

    def before(_: str) -> datetime:
        return late_before(clock.at, AGREED)

    return Notices(tables.store(), [PARTY, OTHER], say, before, clock.now, every_s=0)


def _said(notices: Notices, names: Mapping[str, str]) -> Iterator[str]:
    """The items that are said to be late now."""
    while (batch := notices.read()) is not None:
        yield from [names[event.context.id] for event in batch.events]
        batch.acknowledge()


def _late(came: Mapping[str, datetime], at: datetime) -> set[str]:
    """What should have been collected by then."""
    return {name for name, since in came.items() if collect_until(since, AGREED) <= at}


def _by_case(names: list[tuple[str, str]]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = defaultdict(list)
    for case, name in names:
        found[case].append(_number(name))
    return dict(found)


def _number(name: str) -> int:
    return int(name.rpartition("-")[2])
