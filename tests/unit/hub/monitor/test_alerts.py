"""Whoever should know is told: once when it begins, once when it is over, whatever fails."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import pytest
from pydantic import SecretStr, ValidationError

from hub.errors import BrokerUnavailable
from hub.language import Language
from hub.monitor.look import Look
from hub.monitor.mail import MailChannel
from hub.monitor.memory import Memory
from hub.monitor.options import Mail, Options, Webhook
from hub.monitor.poller import Poller
from hub.monitor.silence import Silence
from hub.monitor.snapshot import Snapshot
from hub.monitor.state_file import StateFile
from hub.monitor.states import State
from hub.monitor.teller import Channel, tell_all
from hub.monitor.watch import Watch
from hub.monitor.webhook import WebhookChannel
from hub.monitor.wording import Names
from tests.support.alert_takers import Letterbox, Posts, mail_server, webhook_taker
from tests.support.looks import AT, GROUP, POLL, ends, group, look, waits
from tests.support.waiting import until

NAMES = Names({"kfb": "Kreisagentur"}, GROUP)


class Scene:
    """A broker that is fine, then has a stopped reader, then is fine again; and its poller."""

    def __init__(self, folder: Path, *channels: str) -> None:
        """Nothing was looked at yet."""
        self.now = AT
        self.stopped = False
        self.away = False
        self.file = folder / "state" / "monitor.json"
        self.watch = Watch(own={GROUP}, joining={GROUP}, channels=channels)
        self.poller = self.start()

    def start(self) -> Poller:
        """A poller that goes on from what was kept."""
        kept = StateFile(self.file)
        self.poller = Poller(self._look, self._silences, self.watch, kept, lambda: self.now)
        return self.poller

    def polls(self, times: int, *, stopped: bool = False, away: bool = False) -> Snapshot:
        """So many polls, ten seconds apart."""
        self.stopped, self.away = stopped, away
        for _ in range(times):
            found = self.poller.poll()
            self.now += POLL
        return found

    def _look(self) -> Look:
        if self.away:
            raise BrokerUnavailable(where="127.0.0.1:1")
        if self.stopped:
            return look(self.now, {GROUP: group(5, members=0)}, ends(6), waits(5, 6, AT))
        return look(self.now, {GROUP: group(5)}, ends(5))

    def _silences(
        self, _snapshot: Snapshot | None, _now: datetime, _strange: object
    ) -> tuple[Silence, ...]:
        return ()


@contextmanager
def telling(poller: Poller, channel: Channel) -> Iterator[None]:
    """Tell beside the test."""
    stop = threading.Event()
    clock = iter(range(0, 10**9, 1000))  # pauses are over at once
    teller = threading.Thread(target=tell_all, args=(poller, channel, stop, lambda: next(clock)))
    teller.start()
    try:
        yield
    finally:
        stop.set()
        teller.join()


def a_mail(port: int) -> MailChannel:
    """Mails by the server at this port."""
    options = Mail(
        host="127.0.0.1",
        port=port,
        security="none",
        sender="hub@kurze-wege.example",
        recipients=("ops@kurze-wege.example", "lead@kurze-wege.example"),
    )
    return MailChannel(options, Language.GERMAN, NAMES, lambda: AT)


def test_one_mail_opens_and_its_answer_closes(tmp_path: Path) -> None:
    """What, since when, who is affected and what to do; the second mail answers the first."""
    scene, box = Scene(tmp_path, "mail"), Letterbox(refuse=2)
    with mail_server(box) as port, telling(scene.poller, a_mail(port)):
        scene.polls(2)
        scene.polls(9, stopped=True)
        until(lambda: len(box.mails) == 1)
        scene.polls(9)
        until(lambda: len(box.mails) == 2)
    opened, closed = box.mails

    assert opened["Subject"].startswith("[ALARM] Niemand liest: alle Parteien (")
    assert opened["To"] == "ops@kurze-wege.example, lead@kurze-wege.example"
    text = opened.get_content()
    assert "Für kurze-wege (die Weiterleitung) liest niemand auf referrals/0" in text
    for part in ("Seit: 02.03.2026", "Betroffen: alle Parteien", "Zu tun: Den Leser starten"):
        assert part in text
    assert "hub explain-state STOP" in text
    assert closed["Subject"].startswith("[Behoben] Niemand liest")
    assert closed["In-Reply-To"] == opened["Message-ID"]
    assert scene.poller.untold("mail") == ()


def test_a_webhook_is_told_as_json(tmp_path: Path) -> None:
    """Status, incident, both languages and the faults; a failure is tried again, in order."""
    scene, posts = Scene(tmp_path, "webhook"), Posts(fail=2)
    with webhook_taker(posts) as url:
        options = Webhook(url=url, token=SecretStr("invented"))
        with telling(scene.poller, WebhookChannel(options, NAMES, lambda: AT)):
            scene.polls(2)
            scene.polls(9, stopped=True)
            scene.polls(9)
            until(lambda: len(posts.got) == 2)
    (headers, opened), (_, closed) = posts.got

    assert (opened["status"], closed["status"]) == ("open", "closed")
    assert opened["id"] == closed["id"]
    assert opened["state"] == "STOP"
    assert opened["faults"][0]["record"] == "referrals/0@5"
    assert opened["text"]["en"]["title"] == "Nobody reads"
    assert closed["closed_at"] is not None
    assert headers["Idempotency-Key"] == f"{opened['id']}-open"
    assert headers["Authorization"] == "Bearer invented"


def test_what_is_untold_survives_a_restart(tmp_path: Path) -> None:
    """A monitor that dies before it could tell tells when it is back, and opens nothing twice."""
    scene, posts = Scene(tmp_path, "webhook"), Posts()
    scene.polls(2)
    scene.polls(9, stopped=True)
    (before,) = scene.poller.untold("webhook")
    scene.start()
    scene.polls(9, stopped=True)
    with webhook_taker(posts) as url:
        channel = WebhookChannel(Webhook(url=url), NAMES, lambda: AT)
        with telling(scene.poller, channel):
            until(lambda: len(posts.got) == 1)
            scene.polls(9)
            until(lambda: len(posts.got) == 2)

    assert [said["id"] for _, said in posts.got] == [before.incident.id] * 2


def test_a_broker_that_is_away_is_told_once(tmp_path: Path) -> None:
    """The poller goes on; what was known stays, and is marked as old."""
    scene = Scene(tmp_path, "mail")
    scene.polls(2)
    seen = scene.polls(30, away=True)

    assert [notice.incident.state for notice in scene.poller.untold("mail")] == [State.BLIND]
    assert seen.blind_because == "127.0.0.1:1: Kafka does not answer."
    assert len(seen.rows) == 1
    scene.polls(2)
    assert [notice.opened for notice in scene.poller.untold("mail")] == [True, False]


def test_a_state_that_cannot_be_read_begins_anew(tmp_path: Path) -> None:
    """Half a file, another version, no rights: the monitor starts, and says so."""
    file = tmp_path / "monitor.json"
    for text in (b"[1,[[", b"[0]", b"{}"):
        file.write_bytes(text)
        assert StateFile(file).load() == Memory()


def test_a_disk_that_is_full_stops_nothing(tmp_path: Path) -> None:
    """What cannot be kept is still told as long as the process lives."""
    scene = Scene(tmp_path, "mail")
    scene.file.parent.mkdir(exist_ok=True)
    (scene.file.with_suffix(".new")).mkdir()  # a file cannot be written over a folder
    scene.polls(2)
    scene.polls(9, stopped=True)

    assert len(scene.poller.untold("mail")) == 1


def test_the_clock_keeps_its_beat(tmp_path: Path) -> None:
    """Polls follow one another until it is told to stop."""
    scene, stop = Scene(tmp_path), threading.Event()
    running = threading.Thread(target=scene.poller.run, args=(stop, 0.01))
    running.start()
    until(lambda: scene.poller.snapshot is not None)
    stop.set()
    running.join()

    assert scene.poller.turned_s_ago() < 60


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"mail": {"host": "mail.example"}}, "recipients are needed"),
        (
            {"mail": {"host": "m.example", "recipients": ["a@b"], "security": "none"}},
            "this machine",
        ),
        ({"webhook": {"url": "http://ops.example/alerts"}}, "https://"),
        ({"host": "0.0.0.0"}, "allow_public"),  # noqa: S104 - refused
        ({"mail": {"recipients": ["nobody"]}}, "String should match"),
    ],
)
def test_settings_that_make_no_sense_are_refused(given: dict[str, object], says: str) -> None:
    """What could not be told, or would travel open, is said at the start."""
    with pytest.raises(ValidationError, match=says):
        Options.model_validate(given)
