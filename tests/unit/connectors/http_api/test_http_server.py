"""The door as a real server: bodies in pieces, slow senders, kept connections, closing."""

import json
import shutil
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Iterator, Sequence
from http.client import HTTPConnection, HTTPSConnection
from pathlib import Path

import pytest

from connectors.http_api.serve import serve
from connectors.serving import listen
from schemas.data import Data
from schemas.envelope import Event
from tests.support.http_door import (
    ENTRANCE,
    EPPERTSHAUSEN,
    STRUCTURED,
    Remembered,
    a_running_door,
    an_event,
    door_options,
)
from tests.support.parts import missing

LIMIT = 65_536


def post(connection: HTTPConnection, event_id: str) -> int:
    """The status of one event posted over this connection."""
    connection.request("POST", "/events", json.dumps(an_event(event_id)), STRUCTURED)
    answer = connection.getresponse()
    answer.read()
    return answer.status


def head(*lines: str) -> bytes:
    """The head of an authorised request with these further lines."""
    authorised = [f"{name}: {value}" for name, value in STRUCTURED.items()]
    said = ["POST /events HTTP/1.1", "Host: door.invalid", *authorised, *lines]
    return ("\r\n".join(said) + "\r\n\r\n").encode()


def answer_to(sender: socket.socket) -> tuple[int, dict[str, object]]:
    """Status and body of the next answer on this socket."""
    received = b""
    while b"\r\n\r\n" not in received:
        received += sender.recv(4096)
    top, _, body = received.partition(b"\r\n\r\n")
    length = next(
        int(line.partition(b":")[2])
        for line in top.lower().split(b"\r\n")
        if line.startswith(b"content-length")
    )
    while len(body) < length:
        body += sender.recv(4096)
    return int(top.split(b" ")[1]), json.loads(body)


def test_connection_is_kept() -> None:
    """Many requests go over one connection, refused ones among them."""
    publish = Remembered()
    with a_running_door(publish) as port:
        connection = HTTPConnection("127.0.0.1", port, timeout=20)
        statuses = [post(connection, name) for name in ("a", "b", "not an id", "c")]
        kept = connection.sock
        statuses.append(post(connection, "d"))
        assert connection.sock is kept
        connection.close()

    assert statuses == [202, 202, 422, 202, 202]
    assert publish.ids == ["a", "b", "c", "d"]


def test_answers_are_sent_at_once() -> None:
    """The small packets of an answer do not wait for each other (no Nagle delay of 40 ms)."""
    with listen("127.0.0.1", 0) as listening:
        address = listening.getsockname()
        with socket.create_connection(address, timeout=20), listening.accept()[0] as accepted:
            assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


def test_body_in_pieces_is_put_together() -> None:
    """A chunked body without a declared length is read whole."""
    publish = Remembered()
    body = json.dumps(an_event("pieces")).encode()

    def pieces() -> Iterator[bytes]:
        for start in range(0, len(body), 7):
            yield body[start : start + 7]

    with a_running_door(publish) as port:
        connection = HTTPConnection("127.0.0.1", port, timeout=20)
        connection.request("POST", "/events", pieces(), STRUCTURED, encode_chunked=True)
        assert connection.getresponse().status == 202
        connection.close()

    assert publish.ids == ["pieces"]


def test_endless_body_is_refused_at_the_limit() -> None:
    """A body that never ends is answered once it exceeds the limit, not when it ends."""
    with (
        a_running_door(Remembered(), max_body_bytes=LIMIT) as port,
        socket.create_connection(("127.0.0.1", port), timeout=20) as sender,
    ):
        sender.sendall(head("Transfer-Encoding: chunked"))
        for _ in range(LIMIT // 1000 + 2):
            sender.sendall(b"3e8\r\n" + b" " * 1000 + b"\r\n")
        status, said = answer_to(sender)

    assert status == 413
    assert said["type"] == "urn:kurze-wege:problem:body-too-large"


def test_declared_length_is_refused_before_the_body() -> None:
    """Who announces too much is answered before a byte of it was sent."""
    with (
        a_running_door(Remembered(), max_body_bytes=LIMIT) as port,
        socket.create_connection(("127.0.0.1", port), timeout=20) as sender,
    ):
        sender.sendall(head(f"Content-Length: {LIMIT + 1}", "Expect: 100-continue"))
        status, _ = answer_to(sender)

    assert status == 413


def test_slow_body_is_given_up() -> None:
    """A body that does not arrive in time is 408 and the connection ends."""
    with (
        a_running_door(Remembered(), body_timeout_s=0.3) as port,
        socket.create_connection(("127.0.0.1", port), timeout=20) as sender,
    ):
        sender.sendall(head("Content-Length: 100") + b"{")
        status, said = answer_to(sender)
        assert sender.recv(10) == b""

    assert status == 408
    assert said["type"] == "urn:kurze-wege:problem:body-too-slow"


def test_sender_that_leaves_does_no_harm() -> None:
    """A connection cut in the middle of a body takes nothing with it."""
    publish = Remembered()
    with a_running_door(publish, max_open_requests=1) as port:
        for _ in range(3):
            with socket.create_connection(("127.0.0.1", port), timeout=20) as sender:
                sender.sendall(head("Content-Length: 100") + b"{")
        connection = HTTPConnection("127.0.0.1", port, timeout=20)
        until = time.monotonic() + 20
        while (status := post(connection, "after")) == 503 and time.monotonic() < until:
            pass
        connection.close()

    assert status == 202
    assert publish.ids == ["after"]


@pytest.mark.parametrize("garbage", [b"\x00\x01\x02\r\n\r\n", b"GET\r\n\r\n", b"\x16\x03\x01"])
def test_what_is_no_http_is_turned_away(garbage: bytes) -> None:
    """Bytes that are no HTTP do not disturb the door."""
    with a_running_door(Remembered()) as port:
        with socket.create_connection(("127.0.0.1", port), timeout=20) as sender:
            sender.sendall(garbage)
            sender.shutdown(socket.SHUT_WR)
            assert not sender.recv(4096).startswith(b"HTTP/1.1 5")
        connection = HTTPConnection("127.0.0.1", port, timeout=20)
        assert post(connection, "e-1") == 202
        connection.close()


def test_closing_answers_what_is_open() -> None:
    """Told to stop, the door answers the requests it has, then ends; new ones find it shut."""
    entered, acknowledged = threading.Event(), threading.Event()
    published = Remembered()

    def publish(events: Sequence[Event[Data]]) -> None:
        entered.set()
        assert acknowledged.wait(20)
        published(events)

    stop, opened = threading.Event(), threading.Event()
    ports: list[int] = []
    statuses: list[int] = []

    def ready(port: int) -> None:
        ports.append(port)
        opened.set()

    arguments = (door_options(), publish, ENTRANCE, time.monotonic, stop, ready)
    door = threading.Thread(target=serve, args=arguments)
    door.start()
    assert opened.wait(20)
    connection = HTTPConnection("127.0.0.1", ports[0], timeout=20)
    sender = threading.Thread(target=lambda: statuses.append(post(connection, "last")))
    sender.start()
    assert entered.wait(20)
    stop.set()
    until_shut(ports[0])
    acknowledged.set()
    door.join(20)
    sender.join(20)
    connection.close()

    assert not door.is_alive()
    assert statuses == [202]
    assert published.ids == ["last"]


def until_shut(port: int) -> None:
    """Wait until nobody listens there any more."""
    until = time.monotonic() + 20
    while time.monotonic() < until:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=20).close()
        except ConnectionRefusedError:
            return
        except ConnectionResetError:
            continue  # it shut between the connection and its acceptance
    pytest.fail("the door still takes connections")


def test_taken_port_is_said() -> None:
    """A port in use is an error at the start, not a silent door."""
    with a_running_door(Remembered()) as port, pytest.raises(OSError, match="in use"):
        serve(door_options(port=port), Remembered(), ENTRANCE, time.monotonic, threading.Event())


@pytest.fixture
def certificate(tmp_path: Path) -> dict[str, Path]:
    """A certificate for this machine, made for this test."""
    if shutil.which("openssl") is None:
        missing("openssl", "install the package openssl")
    made = {"tls_certificate": tmp_path / "door.pem", "tls_key": tmp_path / "door.key"}
    command = "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost"
    alternative = ["-addext", "subjectAltName=DNS:localhost"]
    files: list[str | Path] = ["-out", made["tls_certificate"], "-keyout", made["tls_key"]]
    subprocess.run([*command.split(), *alternative, *files], check=True, capture_output=True)
    return made


def test_door_speaks_tls(certificate: dict[str, Path]) -> None:
    """With a certificate the door speaks HTTPS, and only that."""
    publish = Remembered()
    trust = ssl.create_default_context(cafile=str(certificate["tls_certificate"]))
    with a_running_door(publish, **certificate) as port:
        connection = HTTPSConnection("localhost", port, timeout=20, context=trust)
        assert post(connection, "safe") == 202
        connection.close()
        with socket.create_connection(("127.0.0.1", port), timeout=20) as plain:
            plain.sendall(head("Content-Length: 0"))
            assert not plain.recv(100).startswith(b"HTTP")

    assert [event.context.party for call in publish.calls for event in call] == [EPPERTSHAUSEN]
