"""Connections that never finish anything, against the real server that every door is served by."""

import asyncio
import json
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import psutil
import pytest
from starlette.types import Receive, Scope, Send

from connectors import connection, serving
from connectors.request_head import MAX_HEAD_BYTES
from hub.broker.certificates import Authority
from tests.support.waiting import until

PLACES = 8
LARGE = 64 * 1024 * 1024
HEAD = b"GET / HTTP/1.1\r\nHost: door.invalid\r\n"


async def answering(scope: Scope, _receive: Receive, send: Send) -> None:
    """Answer at once: a word, or more than any buffer takes."""
    body = b"x" * LARGE if scope["path"] == "/large" else b"here"
    headers = [(b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})


@contextmanager
def served(app: Any = answering, **how: Any) -> Iterator[int]:  # noqa: ANN401 - any application
    """The application at a free port, with few places."""
    stop, opened, ports = threading.Event(), threading.Event(), list[int]()

    def ready(port: int) -> None:
        ports.append(port)
        opened.set()

    async def without_lifespan(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            for done in ("startup", "shutdown"):
                await receive()
                await send({"type": f"lifespan.{done}.complete"})
            return
        await app(scope, receive, send)

    address = serving.Address("127.0.0.1", 0, max_connections=PLACES, stop_timeout_s=1, **how)
    thread = threading.Thread(
        target=serving.serve, args=(without_lifespan, address, stop, ready), daemon=True
    )
    thread.start()
    try:
        assert opened.wait(30)
        yield ports[0]
    finally:
        stop.set()
        thread.join(60)
        assert not thread.is_alive()


def connect(port: int) -> socket.socket:
    """A connection to it."""
    return socket.create_connection(("127.0.0.1", port), timeout=60)


def held_by_us(port: int, client: socket.socket) -> int:
    """Whether the server, which is in this process, still holds this client's connection."""
    theirs = client.getsockname()
    found = psutil.Process().net_connections("tcp")
    return sum(one.laddr.port == port and one.raddr == theirs for one in found)


def said(connected: socket.socket) -> bytes:
    """All that is answered until the connection ends."""
    received = b""
    try:
        while part := connected.recv(65_536):
            received += part
    except ConnectionResetError:
        pass
    return received


def code_of(answer: bytes) -> str:
    """The code in the body of a refusal."""
    return str(json.loads(answer.partition(b"\r\n\r\n")[2])["problems"][0]["code"])


def status_of_a_request(port: int) -> int:
    """Somebody honest asks."""
    honest = HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        honest.request("GET", "/")
        return honest.getresponse().status
    finally:
        honest.close()


def test_head_that_never_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    """A head that does not end in time is refused with a code, though a byte comes now and then."""
    monkeypatch.setattr(connection, "HEAD_S", 0.5)
    with served() as port, connect(port) as slow:
        slow.sendall(HEAD)
        answer = said(slow)

    assert answer.startswith(b"HTTP/1.1 408 ")
    assert code_of(answer) == "head-too-slow"


def test_silence(monkeypatch: pytest.MonkeyPatch) -> None:
    """A connection on which nothing is said is ended without a word."""
    monkeypatch.setattr(connection, "HEAD_S", 0.5)
    with served() as port, connect(port) as silent:
        assert said(silent) == b""


def test_second_head_that_never_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    """After an answer the next head has no more time than the first had."""
    monkeypatch.setattr(connection, "HEAD_S", 0.5)
    with served() as port, connect(port) as slow:
        slow.sendall(HEAD + b"\r\n" + HEAD)
        answer = said(slow)

    assert answer.startswith(b"HTTP/1.1 200 ")
    assert b"head-too-slow" in answer


def test_body_that_goes_on_after_the_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who goes on sending what nobody reads loses the connection."""
    monkeypatch.setattr(connection, "HEAD_S", 0.5)
    with served() as port, connect(port) as endless:
        endless.sendall(HEAD.replace(b"GET", b"POST") + b"Content-Length: 100000000\r\n\r\n")
        assert said(endless).startswith(b"HTTP/1.1 200 ")


def test_answer_that_nobody_reads(monkeypatch: pytest.MonkeyPatch) -> None:
    """A client that leaves a large answer unread loses the connection, and the memory is free."""
    monkeypatch.setattr(connection, "READ_S", 0.5)
    monkeypatch.setattr(connection, "HEAD_S", 1000.0)
    with served() as port, connect(port) as deaf:
        deaf.sendall(HEAD.replace(b" / ", b" /large ") + b"\r\n")
        until(lambda: held_by_us(port, deaf) == 1, 60)
        until(lambda: held_by_us(port, deaf) == 0, 60)
        assert status_of_a_request(port) == 200
        assert len(said(deaf)) < LARGE


@pytest.mark.parametrize("words", [b"", HEAD], ids=["silent", "half a head"])
def test_many_that_wait_keep_nobody_out(words: bytes) -> None:
    """Ten times more waiting connections than there are places keep no honest request out."""
    with served() as port, ExitStack() as held:
        for _ in range(10 * PLACES):
            held.enter_context(connect(port)).sendall(words)
            assert status_of_a_request(port) == 200


def test_house_full_of_work() -> None:
    """Where every place is at work, one more request is refused with a code."""
    entered, go_on = threading.Semaphore(0), threading.Event()

    async def working(scope: Scope, receive: Receive, send: Send) -> None:
        entered.release()
        await asyncio.to_thread(go_on.wait, 60)
        await answering(scope, receive, send)

    with served(working) as port, ExitStack() as held:
        try:
            for _ in range(PLACES):
                held.enter_context(connect(port)).sendall(HEAD + b"\r\n")
                assert entered.acquire(timeout=60)
            with connect(port) as more:
                more.sendall(HEAD + b"\r\n")
                answer = said(more)
        finally:
            go_on.set()

    assert answer.startswith(b"HTTP/1.1 503 ")
    assert b"retry-after: 5" in answer.lower()
    assert code_of(answer) == "connections-full"


@pytest.mark.parametrize(
    ("garbage", "status", "code"),
    [
        (b"\x00\x01\x02\r\n\r\n", 400, "request-unreadable"),
        (b"GET / HTTP/1.1\r\n\r\n", 400, "request-unreadable"),
        (b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400, "request-unreadable"),
        (HEAD + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\n", 400, "request-unreadable"),
        (HEAD + b"Content-Length: -1\r\n\r\n", 400, "request-unreadable"),
        (HEAD + b"Content-Length: " + b"9" * 400 + b"\r\n\r\n", 400, "request-unreadable"),
        (HEAD + b"Transfer-Encoding: gzip\r\n\r\n", 400, "request-unreadable"),
        (HEAD + b"X: a\x00b\r\n\r\n", 400, "request-unreadable"),
        (HEAD + b"X : a\r\n\r\n", 400, "request-unreadable"),
        (HEAD + b"X: " + b"a" * MAX_HEAD_BYTES + b"\r\n\r\n", 431, "head-too-large"),
        (HEAD + b"a: b\r\n" * 4000 + b"\r\n", 431, "head-too-large"),
        (HEAD + b"a: b\r\n" * 40_000 + b"\r\n", 431, "head-too-large"),
        (b"GET /" + b"a" * MAX_HEAD_BYTES + b" HTTP/1.1\r\nHost: a\r\n\r\n", 431, "head-too-large"),
    ],
    ids=lambda case: repr(case)[:40],
)
def test_strange_heads(garbage: bytes, status: int, code: str) -> None:
    """What is no HTTP, or too much of it, is refused with a code, and the connection ends."""
    with served() as port, connect(port) as strange:
        strange.sendall(garbage)
        answer = said(strange)
        assert status_of_a_request(port) == 200

    assert answer.startswith(b"HTTP/1.1 %d " % status)
    assert code_of(answer) == code


@pytest.mark.parametrize(
    "framing",
    [
        b"Content-Length: 3\r\nTransfer-Encoding: chunked",
        b"Transfer-Encoding: chunked\r\nContent-Length: 3",
        b"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity",
        b"Transfer-Encoding: xchunked",
        b"Transfer-Encoding: chunked, identity",
        b"Content-Length: 3, 3\r\nTransfer-Encoding: chunked",
        b"Transfer-Encoding : chunked",
    ],
    ids=repr,
)
def test_smuggled_request(framing: bytes) -> None:
    """A head whose end two readers see differently is refused; nothing behind it is read."""
    asked: list[str] = []

    async def noting(scope: Scope, receive: Receive, send: Send) -> None:
        asked.append(scope["path"])
        await answering(scope, receive, send)

    hidden = b"GET /hidden HTTP/1.1\r\nHost: a\r\n\r\n"
    with served(noting) as port, connect(port) as smuggler:
        head = HEAD.replace(b"GET / ", b"POST /open ") + framing + b"\r\n\r\n"
        smuggler.sendall(head + b"0\r\n\r\n" + hidden)
        answer = said(smuggler)

    assert answer.startswith(b"HTTP/1.1 400 ")
    assert asked == []


def test_tls_that_never_begins(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Who connects and never speaks TLS is let go as well."""
    monkeypatch.setattr(serving, "HEAD_S", 0.5)
    authority, node = Authority("invented"), tmp_path / "node.pem"
    node.write_bytes(authority.issue("localhost", ("localhost",)))
    with served(certificate=node, key=node) as port:
        with connect(port) as silent:
            assert said(silent) == b""
        trust = ssl.create_default_context(cadata=authority.certificate.decode())
        with (
            connect(port) as plain,
            trust.wrap_socket(plain, server_hostname="localhost") as honest,
        ):
            honest.sendall(HEAD + b"Connection: close\r\n\r\n")
            assert said(honest).startswith(b"HTTP/1.1 200 ")
