"""The webhook's store as the outside system of a sink, and a real receiver to be called."""

import sqlite3
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from ssl import SSLContext
from typing import Final, Self

from connectors.base import Sink
from connectors.webhook.client import Client
from connectors.webhook.clock import Clock
from connectors.webhook.options import Options
from connectors.webhook.sender import Sender
from connectors.webhook.sink import Webhook
from connectors.webhook.store import Store
from tests.support.deliveries import AT, PARTY

SECRET: Final = b"an invented secret of 32 bytes.."
LOOPBACK: Final = ["127.0.0.0/8", "::1/128"]


@dataclass(frozen=True, slots=True)
class Call:
    """One call as the receiver saw it."""

    path: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def message_id(self) -> str:
        """What names the event."""
        return self.headers["webhook-id"]


Answering = Callable[[Call], "int | bytes | tuple[int, Mapping[str, str]] | None"]
"""A status, with headers; raw bytes instead of HTTP; None: hang up without a word."""


class Receiver:
    """A real HTTP server of a party's; `answer` says what it does with a call."""

    def __init__(self, answer: Answering = lambda _: 204, tls: SSLContext | None = None) -> None:
        """Listen on a free port of this machine."""
        self.answer = answer
        self.calls: list[Call] = []
        self.connections = 0
        self._scheme = "http" if tls is None else "https"
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        if tls is not None:
            self._server.socket = tls.wrap_socket(self._server.socket, server_side=True)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self._server.server_address[1])

    @property
    def url(self) -> str:
        """Its address."""
        return f"{self._scheme}://127.0.0.1:{self.port}/events?of=hub"

    @property
    def ids(self) -> list[str]:
        """The ids of all calls."""
        return [call.message_id for call in self.calls]

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def _handler(receiver) -> type[BaseHTTPRequestHandler]:  # noqa: N805 - self is the handler's
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            timeout = 30

            def setup(self) -> None:
                receiver.connections += 1
                super().setup()

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("content-length", 0)))
                call = Call(self.path, {k.lower(): v for k, v in self.headers.items()}, body)
                receiver.calls.append(call)
                self._say(receiver.answer(call))

            def do_GET(self) -> None:
                receiver.calls.append(Call(self.path, dict(self.headers), b""))
                self._say(200)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002
                """Say nothing."""

            def _say(self, said: int | bytes | tuple[int, Mapping[str, str]] | None) -> None:
                if said is None or isinstance(said, bytes):
                    self.close_connection = True
                    self.wfile.write(said or b"")
                    return
                status, headers = said if isinstance(said, tuple) else (said, {})
                self.send_response(status)
                for name, text in headers.items():
                    self.send_header(name, text)
                self.send_header("Content-Length", "0")
                self.end_headers()

        return Handler


@dataclass
class Hours:
    """A clock that goes as fast as one likes."""

    at: datetime = AT
    passed_s: float = 0.0
    chances: Iterator[float] = field(default_factory=lambda: iter(lambda: 0.5, 1.0))

    def go(self, seconds: float) -> None:
        """Let time pass."""
        self.at += timedelta(seconds=seconds)
        self.passed_s += seconds

    def clock(self) -> Clock:
        """The clock as a sender asks it."""
        return Clock(lambda: self.at, lambda: self.passed_s, lambda: next(self.chances))


def options(folder: Path, url: str, **changes: object) -> Options:
    """Options that allow this machine to be called."""
    said = {
        "receivers": {PARTY: url},
        "store": folder / "webhook.sqlite",
        "allow_networks": LOOPBACK,
        "allow_http": True,
        "timeout_s": 5,
    }
    return Options.model_validate(said | changes)


def sender(told: Options, hours: Hours, keys: Sequence[bytes] = (SECRET,)) -> Sender:
    """A sender for the one receiver."""
    client = Client(told.receivers[PARTY], told)
    return Sender(PARTY, keys, Store(told.store), client, told, hours.clock())


def drive(sending: Sender, hours: Hours, until: Callable[[], bool], within_h: float = 48) -> None:
    """Let a sender work, time passing as it asks, until something holds."""
    end = hours.passed_s + within_h * 3600
    while not until():
        assert hours.passed_s < end, f"not within {within_h} hours"
        hours.go(sending.step())


class Waiting:
    """The store, for the suite of sinks."""

    def __init__(self, folder: Path) -> None:
        """Use a new file of this folder."""
        self.path = folder / "webhook.sqlite"

    def sink(self, now: Callable[[], datetime] = lambda: AT) -> Sink:
        """A new sink with a connection of its own."""
        return Webhook(Store(self.path), now, max_waiting=10_000)

    def kept(self) -> Sequence[int]:
        """Asked without our code."""
        query = (
            "SELECT topic_offset FROM outgoing WHERE party = 'kfb'"
            " UNION ALL SELECT topic_offset FROM faulty WHERE party = 'kfb' ORDER BY 1"
        )
        return [row[0] for row in self._run(query)]

    @contextmanager
    def away(self) -> Iterator[None]:
        """Somebody holds the file's lock for longer than anybody waits."""
        with closing(sqlite3.connect(self.path, isolation_level=None)) as holder:
            holder.execute("BEGIN EXCLUSIVE")
            yield

    def erase(self) -> None:
        """Take every row away; the position stays."""
        self._run("DELETE FROM outgoing")

    def set_back(self) -> None:
        """Take the latest rows away and move the position back."""
        self._run("DELETE FROM outgoing WHERE topic_offset > 2")
        self._run("UPDATE positions SET next_offset = 3")

    def _run(self, statement: str) -> list[tuple[int]]:
        with closing(sqlite3.connect(self.path, isolation_level=None)) as connection:
            return connection.execute(statement).fetchall()
