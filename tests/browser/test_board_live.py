"""The operations board of a real monitor that looks at a real Kafka."""

from contextlib import ExitStack, closing
from datetime import timedelta
from pathlib import Path
from typing import Final

import httpx
import pytest
from playwright.sync_api import Browser, Page

from connectors.runner.placer import Placer
from hub.broker.ports import free
from schemas.codec import Record, encode
from schemas.topics import REFERRALS
from tests.support.answers import Hub
from tests.support.browser import keep_picture, visit
from tests.support.builders import KFB, NOW, a_referral, received
from tests.support.command import hub, running_hub
from tests.support.stuck_reader import stuck_reader
from tests.support.waiting import until

pytestmark = [pytest.mark.browser, pytest.mark.broker, pytest.mark.e2e]

OLD: Final = timedelta(days=40)
"""Older than an event may be."""


def test_a_stalled_reader_and_a_dead_letter_are_seen_and_dealt_with(
    kafka: str, topic_prefix: str, tmp_path: Path, browser: Browser
) -> None:
    """The incident with its record until it is over; the commands of the page do what they say."""
    (port,) = free(1)
    base = f"http://127.0.0.1:{port}"
    env = {
        "HUB_KAFKA__BOOTSTRAP": kafka,
        "HUB_TOPIC_PREFIX": topic_prefix,
        "HUB_MONITOR__PORT": str(port),
        "HUB_MONITOR__POLL_S": "3",
        "HUB_MONITOR__STALL_AFTER_S": "3",
        "HUB_MONITOR__ABSENT_AFTER_S": "86400",  # no worker runs here
        "HUB_MONITOR__WATCH_SENDERS": "false",
    }
    topic = f"{topic_prefix}to.{KFB}"
    assert hub("topics", "apply", folder=tmp_path, env=env).code == 0
    with ExitStack() as stack:
        stack.enter_context(running_hub("monitor", folder=tmp_path, env=env))
        mended = stack.enter_context(stuck_reader(kafka, topic, f"{topic_prefix}kfb-own"))
        placer = stack.enter_context(closing(Placer({"bootstrap_servers": kafka})))
        placer.put(topic, encode(a_referral(id="e-1")))
        placer.put(f"{topic_prefix}referrals.dead", _died(), 0)
        until(lambda: _is_up(base))
        page = stack.enter_context(visit(browser, base, at=None))

        until(lambda: _says(page, "/", f"kommt aber auf {topic}/0 nicht weiter"))
        incident = page.locator("article.incident").inner_text()
        keep_picture(page, "board-live-stalled")
        page.click("text=Anleitung STALL")
        runbook = page.locator("h1").inner_text()

        until(lambda: _says(page, "/dead", "too-late"))
        page.click("text=too-late")
        command = page.locator("code.command").nth(2).inner_text()
        dry = hub(*command.split()[1:], folder=tmp_path, env=env)
        reason = ("--apply", "--reason", "vom Absender neu gesendet")
        done = hub(*command.split()[1:], *reason, folder=tmp_path, env=env)
        mended.set()
        until(lambda: _says(page, "/dead", "Eppertshausen 0 0 1"))
        until(lambda: _says(page, "/", "Alles läuft"))

    assert f"Der nächste Satz ist {topic}/0@0." in incident
    assert "Kreisagentur für Beschäftigung" in incident
    assert runbook.startswith("STALL")
    assert command.startswith("hub dead discard --code too-late")
    assert (dry.code, done.code) == (0, 0)
    assert "Nothing was." in dry.err


def _died() -> Record:
    """A referral that came too late, as the hub lays it down."""
    late = encode(a_referral(at=NOW - OLD, id="e-2", on="R-2"))
    (dead,) = Hub().takes_in(received(late, topic=REFERRALS)).dead
    return dead.record


def _is_up(base: str) -> bool:
    try:
        return httpx.get(f"{base}/healthz").is_success
    except httpx.HTTPError:
        return False


def _says(page: Page, address: str, words: str) -> bool:
    page.goto(address)
    text = page.locator("main").inner_text()
    return words in " ".join(text.split())
