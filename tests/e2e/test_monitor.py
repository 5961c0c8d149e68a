"""From a fault to an alert, and back: worker, monitor and `hub lag` as real processes."""

import json
import signal
import subprocess
from contextlib import ExitStack, closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import httpx
import pytest

from connectors.runner.publisher import Publisher
from hub.broker.ports import free
from tests.support import topics
from tests.support.alert_takers import Letterbox, Posts, mail_server, webhook_taker
from tests.support.builders import KFB, a_referral
from tests.support.command import Said, hub, running_hub
from tests.support.stuck_reader import stuck_reader
from tests.support.waiting import until

pytestmark = [pytest.mark.e2e, pytest.mark.broker]

WITHIN: Final = timedelta(seconds=60)
"""From a fault to its alert, with the times that hold by default."""


class Site:
    """A hub of this test's own with a monitor that tells by mail and by webhook."""

    def __init__(self, bootstrap: str, prefix: str, folder: Path, tell: tuple[int, str]) -> None:
        """Make the topics."""
        (port,) = free(1)
        mail_port, url = tell
        self.bootstrap, self.prefix, self.folder, self.port = bootstrap, prefix, folder, port
        self.env = {
            "HUB_KAFKA__BOOTSTRAP": bootstrap,
            "HUB_TOPIC_PREFIX": prefix,
            "HUB_MONITOR__PORT": str(port),
            "HUB_MONITOR__WEBHOOK__URL": url,
            "HUB_MONITOR__MAIL__HOST": "127.0.0.1",
            "HUB_MONITOR__MAIL__PORT": str(mail_port),
            "HUB_MONITOR__MAIL__SECURITY": "none",
            "HUB_MONITOR__MAIL__RECIPIENTS": "ops@kurze-wege.example",
        }
        assert hub("topics", "apply", folder=folder, env=self.env).code == 0

    def publish(self, event_id: str) -> datetime:
        """Send a referral to the jobcenter; when that was."""
        connection = {"bootstrap_servers": self.bootstrap}
        with closing(Publisher(connection, self.prefix)) as publish:
            publish([a_referral(at=datetime.now(UTC), id=event_id, on=f"case-{event_id}")])
        return datetime.now(UTC)

    def is_ready(self) -> bool:
        """Whether the monitor has seen the broker."""
        try:
            return httpx.get(f"http://127.0.0.1:{self.port}/readyz").is_success
        except httpx.HTTPError:
            return False

    def lag(self, *words: str) -> Said:
        """`hub lag -o json`."""
        return hub("lag", "-o", "json", *words, folder=self.folder, env=self.env)

    def states(self, *words: str) -> dict[str, str]:
        """The bad states of `hub lag --only-bad`, by group without the prefix."""
        found = self.lag("--only-bad", *words).data["readers"]
        return {one["group"].removeprefix(self.prefix): one["state"] for one in found}


def _alerts(posts: Posts, status: str) -> dict[str, Any]:
    return {said["state"]: said for _, said in list(posts.got) if said["status"] == status}


def test_a_stopped_and_a_stalled_reader_are_told_within_a_minute(
    kafka: str, topic_prefix: str, tmp_path: Path
) -> None:
    """Alerts by mail and webhook, the same in `hub lag`, over a kill -9, and closed when mended."""
    box, posts = Letterbox(), Posts()
    with ExitStack() as stack:
        tell = stack.enter_context(mail_server(box)), stack.enter_context(webhook_taker(posts))
        site = Site(kafka, topic_prefix, tmp_path, tell)

        def start(name: str) -> subprocess.Popen[str]:
            return stack.enter_context(running_hub(name, folder=tmp_path, env=site.env))

        worker, monitor = start("worker"), start("monitor")
        topic = f"{topic_prefix}to.{KFB}"
        mended = stack.enter_context(stuck_reader(kafka, topic, f"{topic_prefix}kfb-own"))
        until(site.is_ready)
        until(lambda: _states_at_rest(site, f"{topic_prefix}kurze-wege"))

        stalled_at = site.publish("e-1")
        until(lambda: _delivered(site, topic))
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(60) == 0
        stopped_at = site.publish("e-2")
        until(lambda: {"STOP", "STALL"} <= _alerts(posts, "open").keys())
        opened = _alerts(posts, "open")
        took = {
            "STALL": datetime.fromisoformat(opened["STALL"]["opened_at"]) - stalled_at,
            "STOP": datetime.fromisoformat(opened["STOP"]["opened_at"]) - stopped_at,
        }
        print({state: round(span.total_seconds(), 1) for state, span in took.items()})  # noqa: T201
        bad = {"kurze-wege": "STOP", "kfb-own": "STALL"}
        by_monitor, by_itself = site.states(), site.states("--set", "monitor.port=0")
        code = site.lag().code

        monitor.kill()
        monitor.wait()
        start("monitor")
        until(site.is_ready)
        start("worker")
        mended.set()
        until(lambda: {"STOP", "STALL"} <= _alerts(posts, "closed").keys())
        until(lambda: len(box.mails) >= 4)
        until(lambda: site.lag().code == 0)

    assert by_monitor == by_itself == bad
    assert code == 3
    assert all(span <= WITHIN for span in took.values())
    assert opened["STALL"]["faults"][0]["record"] == f"{topic}/0@0"
    assert opened["STALL"]["text"]["de"]["affected"].startswith("Kreisagentur")
    closed = _alerts(posts, "closed")
    assert {state: closed[state]["id"] for state in opened} == {
        state: said["id"] for state, said in opened.items()
    }
    assert len(posts.got) == 4
    assert len(box.mails) == 4
    assert "Beispiel" not in json.dumps([said for _, said in posts.got])


def test_a_broker_that_is_away(tmp_path: Path) -> None:
    """`hub lag` exits 1 and says where it asked; nobody is told that all is well."""
    said = hub("lag", "--bootstrap", "127.0.0.1:1", "--set", "monitor.port=0", folder=tmp_path)

    assert (said.code, said.out) == (1, "")
    assert said.err.startswith("Error: 127.0.0.1:1: Kafka does not answer.")


def test_a_port_that_is_taken(kafka: str, topic_prefix: str, tmp_path: Path) -> None:
    """A monitor that cannot listen says where and what to do, and ends."""
    with httpx.Client(), webhook_taker(Posts()) as url:
        port = url.split(":")[2].partition("/")[0]
        env = {"HUB_KAFKA__BOOTSTRAP": kafka, "HUB_TOPIC_PREFIX": topic_prefix}
        said = hub("monitor", "--set", f"monitor.port={port}", folder=tmp_path, env=env)

    assert said.code == 1
    assert f"127.0.0.1:{port}: Cannot listen: Address already in use." in said.err
    assert "What to do: Set monitor.host and monitor.port" in said.err


@pytest.mark.parametrize("language", ["de", "en"])
def test_explain_state(language: str, tmp_path: Path) -> None:
    """The runbook of a state is printed in either language; an unknown state names all."""
    said = hub("explain-state", "stall", "--language", language, folder=tmp_path)
    unknown = hub("explain-state", "TIRED", folder=tmp_path)

    assert said.code == 0
    assert said.out.startswith("STALL: ")
    assert "1. `hub lag --only-bad`" in said.out
    assert unknown.code == 2
    assert "STALL, STOP" in unknown.err


def _states_at_rest(site: Site, group: str) -> bool:
    answer = httpx.get(f"http://127.0.0.1:{site.port}/snapshot").json()
    members = [one["members"] for one in answer["readers"] if one["group"] == group]
    return bool(members) and min(members) > 0


def _delivered(site: Site, topic: str) -> bool:
    return bool(topics.read(site.bootstrap, topic))
