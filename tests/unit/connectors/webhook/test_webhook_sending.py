"""Many senders at a time, and two processes at one store."""

import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from connectors.webhook.client import Client
from connectors.webhook.options import Options
from connectors.webhook.sender import Sender
from connectors.webhook.sending import send_all
from connectors.webhook.sink import Webhook
from connectors.webhook.store import Store
from schemas.codec import encode
from tests.contract.subject_webhook import LOOPBACK, SECRET, Call, Hours, Receiver
from tests.support.deliveries import AT, delivered, referral
from tests.support.waiting import until


def options_of(folder: Path, **receivers: Receiver) -> Options:
    """These receivers, by party."""
    said = {
        "receivers": {name.removeprefix("p"): one.url for name, one in receivers.items()},
        "store": folder / "webhook.sqlite",
        "allow_networks": LOOPBACK,
        "allow_http": True,
    }
    return Options.model_validate(said)


def store(options: Options, count: int) -> None:
    """Let so many events wait for each party."""
    with closing(Webhook(Store(options.store), lambda: AT, 1000)) as sink:
        for party in options.receivers:
            sink.write(
                [
                    delivered(n, encode(referral(f"{party}-{n}", recipient=party)), party)
                    for n in range(count)
                ]
            )


def senders(options: Options) -> list[Sender]:
    """One for each receiver."""
    clock = Hours().clock()
    return [
        Sender(party, [SECRET], Store(options.store), Client(url, options), options, clock)
        for party, url in options.receivers.items()
    ]


@contextmanager
def sending(options: Options, made: list[Sender]) -> Iterator[threading.Event]:
    """Send in a thread of its own, as a process does."""
    stop = threading.Event()
    thread = threading.Thread(target=send_all, args=(made, options.store, stop))
    thread.start()
    try:
        yield stop
    finally:
        stop.set()
        thread.join(30)
    assert not thread.is_alive()


def test_a_slow_receiver_holds_up_no_other(tmp_path: Path) -> None:
    """While one receiver takes its time, all others get everything."""
    back = threading.Event()

    def slow(_: Call) -> int:
        back.wait(30)
        return 204

    with Receiver(slow) as one, Receiver() as two, Receiver() as three:
        options = options_of(tmp_path, pkfb=one, p06432004=two, p06432005=three)
        store(options, 5)
        with sending(options, senders(options)):
            until(lambda: len(two.calls) == len(three.calls) == 5, 30)
            assert len(one.calls) <= 1
            back.set()
            until(lambda: len(one.calls) == 5, 30)


def test_a_second_process_stands_by(tmp_path: Path) -> None:
    """Of two processes at one store one sends; when it ends, the other one goes on."""
    with Receiver() as receiver, capture_logs() as logs:
        options = options_of(tmp_path, pkfb=receiver)
        with sending(options, senders(options)) as first:
            store(options, 5)
            until(lambda: len(receiver.calls) == 5, 30)
            with sending(options, senders(options)):
                until(lambda: any(line["event"] == "webhook_standing_by" for line in logs), 30)
                first.set()
                with closing(Webhook(Store(options.store), lambda: AT, 1000)) as sink:
                    sink.write([delivered(9, encode(referral("late", recipient="kfb")))])
                until(lambda: len(receiver.calls) == 6, 30)
    assert len(set(receiver.ids)) == 6


def test_one_that_breaks_ends_all(tmp_path: Path) -> None:
    """What one sender raises ends the others and is raised: the process is started anew."""
    with Receiver() as one, Receiver() as two:
        options = options_of(tmp_path, pkfb=one, p06432004=two)
        broken, well = senders(options)
        broken.step = _breaks  # type: ignore[method-assign]
        stop = threading.Event()
        with pytest.raises(ZeroDivisionError):
            send_all([broken, well], options.store, stop)
        assert stop.is_set()


def _breaks() -> float:
    raise ZeroDivisionError
