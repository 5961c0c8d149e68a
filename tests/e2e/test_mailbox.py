"""A town hall that collects its deliveries by HTTP, and one that does not, by real processes."""

import json
import signal
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import httpx
import pytest
from sqlalchemy import create_engine, update

from connectors.callers.tokens import digest
from connectors.mailbox.tables import items
from connectors.runner.publisher import Publisher
from schemas.codec import decode
from schemas.events.reminder_overdue import ReminderOverdue
from schemas.topics import delivery_topic
from tests.support import topics
from tests.support.builders import EPPERTSHAUSEN, KFB, a_referral
from tests.support.command import hub, running_hub
from tests.support.http_door import KFB_TOKEN
from tests.support.waiting import until

pytestmark = [pytest.mark.e2e, pytest.mark.broker]
WEEK: Final = timedelta(days=7)
HERE: Final = f"/mailbox/{KFB}"


class TownHall:
    """The mailbox's process, and whoever calls it."""

    def __init__(self, folder: Path, env: dict[str, str]) -> None:
        """It keeps its tables in this folder; nothing runs yet."""
        self.folder = folder
        self._database = f"sqlite:///{folder / 'mailbox.sqlite'}"
        self.env = {
            **env,
            "HUB_MAILBOX__PORT": "0",
            "HUB_MAILBOX__TOKENS": json.dumps({digest(KFB_TOKEN): KFB}),
            "HUB_MAILBOX__DATABASE": self._database,
        }

    @contextmanager
    def calling(self) -> Iterator[httpx.Client]:
        """A client of the running mailbox, which is told to stop at the end."""
        opened = len(self._ports())
        parties = {"HUB_MAILBOX__PARTIES": KFB}
        with running_hub(
            "connect", "mailbox", folder=self.folder, env=self.env | parties
        ) as process:
            until(lambda: len(self._ports()) > opened or process.poll() is not None)
            address = f"http://127.0.0.1:{self._ports()[-1]}"
            authorised = {"Authorization": f"Bearer {KFB_TOKEN}"}
            with httpx.Client(base_url=address, headers=authorised, timeout=60) as client:
                yield client
            _end(process)

    def date_back(self, received_at: datetime) -> None:
        """Let all that lies in the mailbox have come at this moment; nobody has it open."""
        engine = create_engine(self._database)
        with engine.begin() as table:
            table.execute(update(items).values(received_at=received_at))
        engine.dispose()

    def _ports(self) -> list[int]:
        log = (self.folder / "err.log").read_text(encoding="utf-8").splitlines()
        said = [json.loads(line) for line in log if line.startswith("{")]
        return [line["port"] for line in said if line["event"] == "mailbox_open"]


def _end(process: subprocess.Popen[str]) -> None:
    process.send_signal(signal.SIGTERM)
    assert process.wait(60) == 0


def _items(client: httpx.Client) -> list[dict[str, Any]]:
    answer = client.get(HERE, params={"wait": 5})
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


def _reminders(bootstrap: str, topic: str) -> list[ReminderOverdue]:
    said = [decode(record).data for _, _, record in topics.read(bootstrap, topic)]
    return [data for data in said if isinstance(data, ReminderOverdue)]


def test_what_nobody_collects_is_told_to_its_sender(
    kafka: str, topic_prefix: str, tmp_path: Path
) -> None:
    """A delivery is listed, fetched and acknowledged; of the other its sender hears in three days.

    Nobody waits: what lies there is dated a week back.
    """
    env = {"HUB_KAFKA__BOOTSTRAP": kafka, "HUB_TOPIC_PREFIX": topic_prefix}
    assert hub("topics", "apply", folder=tmp_path, env=env).code == 0
    now = datetime.now(UTC)
    sent = [a_referral(at=now, on=f"case-{n}", id=f"ref-{n}", to=KFB) for n in (1, 2)]
    with ExitStack() as stack:
        worker = stack.enter_context(running_hub("worker", folder=tmp_path, env=env))
        publish = stack.enter_context(
            closing(Publisher({"bootstrap_servers": kafka}, topic_prefix))
        )
        publish(sent)
        town_hall = TownHall(tmp_path, env)
        with town_hall.calling() as client:
            until(lambda: len(_items(client)) == 2)
            item = next(one for one in _items(client) if one["subject"] == "case-1")
            early = client.post(f"{HERE}/{item['id']}/acknowledge")
            fetched = client.get(f"{HERE}/{item['id']}").json()
            done = client.post(f"{HERE}/{item['id']}/acknowledge")
            left = [one["subject"] for one in _items(client)]
        town_hall.date_back(now - WEEK)
        topic = topic_prefix + delivery_topic(EPPERTSHAUSEN).name
        with town_hall.calling() as client:
            until(lambda: bool(_reminders(kafka, topic)))
            still = [one["subject"] for one in _items(client)]
        _end(worker)
        (said,) = _reminders(kafka, topic)

    assert (early.status_code, early.json()["problems"][0]["code"]) == (409, "item-not-collected")
    assert (fetched["causationid"], fetched["data"]["service"]) == ("ref-1", "benefit_advice")
    assert done.status_code == 204
    assert left == still == ["case-2"]
    assert (said.owner, said.awaits, said.event_id) == (KFB, "collection", "ref-2")
    assert now - WEEK < said.due_at < now
    assert "Beispiel" not in (tmp_path / "err.log").read_text(encoding="utf-8")
