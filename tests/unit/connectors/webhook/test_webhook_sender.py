"""What comes to a receiver that is well, ill, away, slow, full or gone, over many hours."""

import hmac
import json
import random
import threading
from base64 import b64encode
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from cloudevents.core.bindings.http import HTTPMessage, from_structured_event
from structlog.testing import capture_logs

from connectors.errors import Broken, Later
from connectors.webhook.options import Options
from connectors.webhook.queue import Queue, Waiting, waiting
from connectors.webhook.sink import Webhook
from connectors.webhook.store import Store
from schemas.codec import encode
from tests.contract.subject_webhook import (
    SECRET,
    Answering,
    Call,
    Hours,
    Receiver,
    drive,
    options,
    sender,
)
from tests.support.deliveries import FAMILY_NAME, PARTY, delivered, referral

CASES = 6
DIEBURG = "06432004"
HOURS = 8
SHORT_S = 0.2
"""How long a call may take where the receiver is too slow on purpose."""


class Post:
    """One receiver, its store, and a sender over hours that go as fast as one likes."""

    def __init__(self, folder: Path, receiver: Receiver, **changes: object) -> None:
        """Nothing waits yet."""
        self.receiver = receiver
        self.hours = Hours()
        self.options = options(folder, receiver.url, **changes)
        self.stored = 0

    def store(self, count: int, case: str | None = None) -> None:
        """Let so many more events wait, of a few cases in turn, or of one."""
        numbers = range(self.stored, self.stored + count)
        self.stored += count
        events = [referral(f"d-{n}", case or f"case-{n % CASES}", recipient=PARTY) for n in numbers]
        batch = [delivered(n, encode(event)) for n, event in zip(numbers, events, strict=True)]
        with closing(self.sink()) as sink:
            sink.write(batch)

    def sink(self, max_waiting: int = 10_000) -> Webhook:
        """A sink to the store."""
        return Webhook(Store(self.options.store), lambda: self.hours.at, max_waiting)

    def send(self, until: Callable[[], bool] | None = None, within_h: float = 48) -> None:
        """Send until nothing waits, or until something holds."""
        with closing(sender(self.options, self.hours)) as sending:
            drive(sending, self.hours, until or self.nothing_waits, within_h)

    def nothing_waits(self) -> bool:
        """Whether every event was delivered."""
        return not self.waiting()

    def waiting(self) -> Sequence[Waiting]:
        """What waits."""
        with closing(Store(self.options.store)) as store:
            return waiting(store, self.hours.at.timestamp())

    def numbers(self, calls: Sequence[Call] | None = None) -> dict[str, list[int]]:
        """The numbers of each case, in the order in which they first came."""
        found: dict[str, dict[int, None]] = defaultdict(dict)
        for call in self.receiver.calls if calls is None else calls:
            said = said_in(call)
            found[said["subject"]].setdefault(int(said["id"].removeprefix("d-")))
        return {case: list(numbers) for case, numbers in found.items()}

    def expected(self) -> dict[str, list[int]]:
        """The same as it should be."""
        cases = range(min(CASES, self.stored))
        return {f"case-{n}": list(range(n, self.stored, CASES)) for n in cases}


def said_in(call: Call) -> dict[str, Any]:
    """The event of a call."""
    found: dict[str, Any] = json.loads(call.body)
    return found


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where the store lies."""
    return tmp_path


def test_everything_once_in_order(folder: Path) -> None:
    """A receiver that is well gets each event once, each case in its order, each with its proof."""
    with Receiver() as receiver:
        post = Post(folder, receiver)
        post.store(40)
        post.send()
        assert post.numbers() == post.expected()
        assert set(Counter(receiver.ids).values()) == {1}
        for call in receiver.calls:
            at, name = call.headers["webhook-timestamp"], call.message_id
            assert int(at) == int(post.hours.at.timestamp())
            signed = hmac.new(SECRET, f"{name}.{at}.".encode() + call.body, sha256).digest()
            assert call.headers["webhook-signature"] == f"v1,{b64encode(signed).decode()}"


def test_the_body_is_a_cloudevent(folder: Path) -> None:
    """An independent reader reads the body, and its data are those of the delivery."""
    with Receiver() as receiver:
        post = Post(folder, receiver)
        post.store(1)
        post.send()
        (call,) = receiver.calls
    event = from_structured_event(HTTPMessage(dict(call.headers), call.body))
    given = referral("d-0", "case-0", recipient=PARTY)
    assert event.get_id() == "d-0"
    assert event.get_subject() == "case-0"
    assert event.get_extension("recipient") == PARTY
    assert event.get_time() == given.context.time
    assert event.get_data() == given.data.model_dump(mode="json", exclude_none=True)


def test_the_id_is_the_same_each_time(folder: Path) -> None:
    """However often an event is sent, `webhook-id` is the same, and no other event has it."""
    answers = iter([500, None, 503, b"nonsense", 204])
    with Receiver(lambda _: next(answers)) as receiver:
        post = Post(folder, receiver)
        post.store(1)
        post.send()
        assert len(set(receiver.ids)) == 1
        assert len(receiver.calls) == 5
        times = [int(call.headers["webhook-timestamp"]) for call in receiver.calls]
        assert times == sorted(set(times)), "each attempt is dated anew"


@pytest.mark.parametrize("status", [422, 500])
def test_a_refused_event_holds_up_its_case_only(folder: Path, status: int) -> None:
    """What comes later in its case waits; all other cases go on, for hours, without a pause."""
    refuse = {"d-3"}

    def answer(call: Call) -> int:
        return status if said_in(call)["id"] in refuse else 204

    with Receiver(answer) as receiver, capture_logs() as logs:
        post = Post(folder, receiver)
        with closing(sender(post.options, post.hours)) as sending:
            for _ in range(HOURS):
                post.store(CASES)
                end = post.hours.passed_s + 3600
                while post.hours.passed_s < end:
                    post.hours.go(sending.step() or 0.01)
        others = {case: n for case, n in post.expected().items() if case != "case-3"}
        assert post.numbers() == others | {"case-3": [3]}
        (state,) = post.waiting()
        assert (state.events, state.cases_held) == (HOURS, 1)
        delays = [line["waited_s"] for line in logs if line["event"] == "webhook_delivered"]
        assert max(delays) < 5
        refuse.clear()
        post.send()
        assert post.numbers() == post.expected()
    assert [line["event"] for line in logs].count("webhook_event_stuck") == 1
    assert not any(line["event"] == "webhook_receiver_away" for line in logs)


def test_many_refused_events(folder: Path, chance: random.Random) -> None:
    """Any event may be refused any number of times: all arrive, each case in its order."""

    def answer(_: Call) -> int:
        return chance.choice([204, 204, 400, 409, 500, 503])

    with Receiver(answer) as receiver:
        post = Post(folder, receiver)
        post.store(60)
        post.send(within_h=1000)
        assert post.numbers() == post.expected()


def _too_late(_: Call) -> int:
    """Longer than anybody waits."""
    threading.Event().wait(2 * SHORT_S)
    return 204


@pytest.mark.parametrize(
    "answer",
    [lambda _: 502, lambda _: None, lambda _: b"<html>"],
    ids=["bad-gateway", "hangs-up", "nonsense"],
)
def test_ill_for_hours(folder: Path, answer: Answering) -> None:
    """A receiver that is ill for ten hours is left alone most of the time, then gets all."""
    with Receiver(answer) as receiver, capture_logs() as logs:
        post = Post(folder, receiver)
        post.store(60)
        with closing(sender(post.options, post.hours)) as sending:
            drive(sending, post.hours, lambda: post.hours.passed_s > 10 * 3600)
            before = len(receiver.calls)
            assert 20 < before < 80
            receiver.answer = lambda _: 204
            drive(sending, post.hours, post.nothing_waits, within_h=0.25)
        assert post.numbers(receiver.calls[before:]) == post.expected()
        assert len(receiver.calls) == before + 60
    said = Counter(line["event"] for line in logs)
    assert (said["webhook_receiver_away"], said["webhook_receiver_back"]) == (1, 1)
    assert FAMILY_NAME not in str(logs)


def test_down_for_hours(folder: Path) -> None:
    """Nobody listens for a day; when somebody does, everything comes, in order."""
    with Receiver() as gone:
        post = Post(folder, gone)
    post.store(30)
    begun = post.hours.passed_s
    post.send(lambda: post.hours.passed_s - begun > 24 * 3600)
    with Receiver() as receiver:
        post.receiver = receiver
        post.options = options(folder, receiver.url)
        post.send()
        assert post.numbers() == post.expected()
        assert len(receiver.calls) == 30


def test_too_slow_for_hours(folder: Path) -> None:
    """Who answers too late for ten hours is left alone most of the time, then gets all."""
    with Receiver(_too_late) as receiver:
        post = Post(folder, receiver, timeout_s=SHORT_S)
        post.store(60)
        post.send(lambda: post.hours.passed_s > 10 * 3600)
        before = len(receiver.calls)
        assert 20 < before < 80
        receiver.answer = lambda _: 204
        post.options = options(folder, receiver.url)
        post.send()
        assert post.numbers(receiver.calls[before:]) == post.expected()


def test_days_of_every_kind(folder: Path, chance: random.Random) -> None:
    """Whatever ails a receiver for days, all arrives in the end, each case in its order."""
    nonsense = (
        b"<html>",
        b"HTTP/1.1 OK\r\n\r\n",
        b"\x00" * 99,
        b"HTTP/1.1 204\r\nA: " + b"a" * 99999,
    )
    ails: list[Answering] = [
        lambda _: None,
        lambda _: chance.choice(nonsense),
        lambda _: chance.choice([400, 404, 409, 422]),
        lambda _: chance.choice([500, 502, 503]),
        lambda _: (302, {"Location": "https://example.org/"}),
        lambda _: (429, {"Retry-After": chance.choice(["60", "soon", "-1", "9" * 40])}),
        _too_late,
        lambda _: 204,
    ]
    with Receiver() as receiver, capture_logs() as logs:
        post = Post(folder, receiver, timeout_s=SHORT_S)
        with closing(sender(post.options, post.hours)) as sending:
            for answer in chance.sample(ails * 2, k=2 * len(ails)):
                post.store(CASES)
                receiver.answer = answer
                end = post.hours.passed_s + 4 * 3600
                drive(sending, post.hours, lambda end=end: post.hours.passed_s > end)  # type: ignore[misc]
        receiver.answer = lambda _: 204
        post.options = options(folder, receiver.url)
        post.send()
        assert post.numbers() == post.expected()
    assert FAMILY_NAME not in str(logs)


def test_slow_for_hours(folder: Path) -> None:
    """A receiver that takes longer than anybody waits got it perhaps: the same id comes again."""
    with Receiver() as receiver:
        post = Post(folder, receiver, timeout_s=0.2)
        slow = {"d-0", "d-7", "d-14"}

        def answer(call: Call) -> int:
            name = said_in(call)["id"]
            if name in slow:
                slow.discard(name)
                threading.Event().wait(0.4)
            return 204

        receiver.answer = answer
        post.store(20)
        post.send()
        assert post.numbers() == post.expected()
        assert all(count <= 3 for count in Counter(receiver.ids).values())


@pytest.mark.parametrize("status", [429, 503])
def test_asked_to_wait(folder: Path, status: int) -> None:
    """A receiver that asks for time gets it, for every case."""
    asked = iter([(status, {"Retry-After": "1234"})])
    with Receiver(lambda _: next(asked, 204)) as receiver:
        post = Post(folder, receiver)
        post.store(12)
        post.send()
        times = [int(call.headers["webhook-timestamp"]) for call in receiver.calls]
        assert times[1] - times[0] >= 1234
        assert post.numbers() == post.expected()


def test_an_absurd_wish_is_cut(folder: Path) -> None:
    """Nobody is waited for longer than agreed, whatever they say."""
    asked = iter([(503, {"Retry-After": "99999999999"})])
    with Receiver(lambda _: next(asked, 204)) as receiver:
        post = Post(folder, receiver)
        post.store(1)
        post.send(within_h=2)


def test_gone(folder: Path) -> None:
    """410 ends the calls with one alarm; what waits is kept, until a person or an address says."""
    with Receiver(lambda _: 410) as receiver, capture_logs() as logs:
        post = Post(folder, receiver)
        post.store(10)
        begun = post.hours.passed_s
        post.send(lambda: post.hours.passed_s - begun > 3600)
        assert len(receiver.calls) == 1
        post.store(5)
        (state,) = post.waiting()
        assert (state.events, state.cases_held) == (15, 0)
        assert state.gone_s is not None
        assert state.gone_s > 3000
        post.send(lambda: post.hours.passed_s - begun > 7200)
        assert len(receiver.calls) == 1
        receiver.answer = lambda _: 204
        with closing(Store(post.options.store)) as store:
            Queue(store, PARTY, "").call_again()
        post.send()
        assert post.numbers() == post.expected()
    assert [line["event"] for line in logs].count("webhook_receiver_gone") == 1
    assert [line["log_level"] for line in logs if line["event"] == "webhook_receiver_gone"] == [
        "error"
    ]


def test_gone_to_another_address(folder: Path) -> None:
    """A new address in the settings is called without further words."""
    with Receiver(lambda _: 410) as old:
        post = Post(folder, old)
        post.store(3)
        post.send(lambda: bool(old.calls))
    with Receiver() as new:
        post.receiver = new
        post.options = options(folder, new.url)
        post.send()
        assert post.numbers() == post.expected()


def test_restarted_in_the_middle(folder: Path, chance: random.Random) -> None:
    """A sender that ends after any step leaves nothing behind: the next one goes on in order."""
    with Receiver(lambda _: chance.choice([204, 204, 204, 500])) as receiver:
        post = Post(folder, receiver)
        post.store(40)
        while not post.nothing_waits():
            with closing(sender(post.options, post.hours)) as sending:
                for _ in range(chance.randrange(1, 12)):
                    post.hours.go(sending.step())
        assert post.numbers() == post.expected()


def test_ended_between_answer_and_mark(folder: Path) -> None:
    """An event whose answer could not be noted comes again under its id, before its followers."""
    with Receiver() as receiver:
        post = Post(folder, receiver)
        post.store(12)
        with closing(sender(post.options, post.hours)) as sending:
            sending._queue.delivered = _fails  # type: ignore[assignment,method-assign]
            with pytest.raises(ZeroDivisionError):
                sending.step()
        post.send()
        assert post.numbers() == post.expected()
        assert sorted(Counter(receiver.ids).values()) == [1] * 11 + [2]


def _fails(*_: object) -> None:
    raise ZeroDivisionError


def test_nothing_of_a_delivered_event_is_kept(folder: Path) -> None:
    """What was delivered leaves its id for a month, and no content; a repeat is recognised."""
    with Receiver() as receiver:
        post = Post(folder, receiver)
        post.store(3)
        post.send()
        with closing(post.sink()) as sink:
            sink.write([delivered(3, encode(referral("d-0", "case-0", recipient=PARTY)))])
        post.stored = 4
        assert post.nothing_waits()
        assert FAMILY_NAME.encode() not in _bytes_of(post.options)
        post.hours.go(32 * 24 * 3600)
        post.store(1)
        post.send()
        with closing(Store(post.options.store)) as store, store.reading() as connection:
            left = connection.execute("SELECT event_id FROM outgoing").fetchall()
        assert [row[0] for row in left] == ["d-4"]


def _bytes_of(told: Options) -> bytes:
    with closing(Store(told.store)) as store, store.reading() as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return told.store.read_bytes()


def test_enough_waits(folder: Path) -> None:
    """Above the bound no more is read for a receiver; below it goes on where it was."""
    with Receiver() as receiver:
        post = Post(folder, receiver)
        batches = [
            [delivered(n, encode(referral(f"d-{n}", recipient=PARTY))) for n in some]
            for some in (range(5), range(5, 10), range(10, 15))
        ]
        with closing(post.sink(max_waiting=8)) as sink:
            sink.write(batches[0])
            sink.write(batches[1])
            with pytest.raises(Later, match=f"enough waits for {PARTY}"):
                sink.write(batches[2])
            sink.write([delivered(0, encode(referral("x", recipient=DIEBURG)), DIEBURG)])
            post.send(lambda: len(receiver.calls) == 10)
            sink.write(batches[2])


def test_the_clock_was_set_back(folder: Path) -> None:
    """An event that would be due only after a clock's jump back is sent all the same."""
    with Receiver() as receiver:
        post = Post(folder, receiver)
        post.store(2)
        post.hours.at -= timedelta(days=7)
        post.send(within_h=2)
        assert len(receiver.calls) == 2


def test_a_store_of_another_version(folder: Path) -> None:
    """A store that a newer version wrote, or that is no store, is not touched."""
    with closing(Store(folder / "newer")) as store, store.reading() as connection:
        connection.execute("PRAGMA user_version = 99")
    (folder / "text").write_bytes(b"this is no database" * 1000)
    for name in ("newer", "text"):
        with closing(Store(folder / name)) as store, pytest.raises(Broken), store.reading():
            pass


def test_what_is_logged(folder: Path) -> None:
    """The log has ids, statuses and times; no address, no content, no answer's words."""
    words: list[tuple[int, Mapping[str, str]] | bytes] = [(400, {"X-Why": FAMILY_NAME})]
    words.append(FAMILY_NAME.encode())
    with Receiver(lambda _: words.pop(0) if words else 204) as receiver, capture_logs() as logs:
        post = Post(folder, receiver)
        post.store(1)
        post.send()
        assert str(receiver.port) not in str(logs)
    assert FAMILY_NAME not in str(logs)
    assert [line["event"] for line in logs] == ["webhook_event_refused", "webhook_delivered"]
    assert logs[0]["why"] == "400"
    assert logs[1]["attempts"] == 3
