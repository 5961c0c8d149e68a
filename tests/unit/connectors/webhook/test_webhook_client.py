"""Calls to real receivers: good, hostile, slow, unencrypted, and not where they say they are."""

import shlex
import shutil
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from connectors.webhook.answer import Answer, Meaning
from connectors.webhook.client import Client
from tests.contract.subject_webhook import Receiver, options
from tests.support.parts import missing

BODY = b'{"specversion":"1.0"}'


def call(folder: Path, url: str, **changes: object) -> Answer:
    """The answer to one call."""
    told = options(folder, url, **changes)
    with closing(Client(url, told)) as client:
        return client.post({"webhook-id": "msg_1"}, BODY)


@contextmanager
def raw_server(*chunks: bytes, every_s: float = 0.0) -> Iterator[str]:
    """A server that answers each connection with these bytes, bit by bit, then waits."""
    stop = threading.Event()
    listening = socket.create_server(("127.0.0.1", 0))
    listening.settimeout(20)

    def serve() -> None:
        connection, _ = listening.accept()
        with connection:
            connection.recv(65536)
            for chunk in chunks:
                try:
                    connection.sendall(chunk)
                except OSError:
                    break
                if stop.wait(every_s):
                    break
            stop.wait(20)

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/"
    finally:
        stop.set()
        thread.join()
        listening.close()


def test_what_is_sent(tmp_path: Path) -> None:
    """One POST with the body as it was signed, its media type and the name that was called."""
    with Receiver() as receiver:
        assert call(tmp_path, receiver.url) == Answer(204)
        (seen,) = receiver.calls
    assert seen.path == "/events?of=hub"
    assert seen.body == BODY
    assert seen.headers["content-type"] == "application/cloudevents+json"
    assert seen.headers["host"] == f"127.0.0.1:{receiver.port}"
    assert seen.headers["webhook-id"] == "msg_1"


def test_one_connection_for_many_calls(tmp_path: Path) -> None:
    """Calls after each other use one connection."""
    with (
        Receiver() as receiver,
        closing(Client(receiver.url, options(tmp_path, receiver.url))) as c,
    ):
        assert [c.post({}, BODY).status for _ in range(5)] == [204] * 5
        assert receiver.connections == 1


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_no_redirect_is_followed(tmp_path: Path, status: int) -> None:
    """A redirect is a failure, wherever it leads."""
    with Receiver() as elsewhere:
        with Receiver(lambda _: (status, {"Location": elsewhere.url})) as receiver:
            assert call(tmp_path, receiver.url).status == status
        assert not elsewhere.calls


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "2130706433", "0x7f.1", "[::1]"])
def test_inner_addresses_are_refused_however_they_are_written(tmp_path: Path, host: str) -> None:
    """Nothing is sent to an address that was not allowed, whatever its name."""
    with Receiver() as receiver:
        answer = call(tmp_path, f"http://{host}:{receiver.port}/", allow_networks=[])
        assert (answer.status, answer.reached) == (None, False)
        assert answer.why in ("AddressNotAllowed", "gaierror")
        assert not receiver.connections


def test_the_address_that_was_checked_is_called(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The name is looked up once: a second answer that leads inside is never asked for."""
    looked_up: list[object] = []
    found = socket.getaddrinfo

    def rebinding(host: object, *args: object, **words: object) -> object:
        looked_up.append(host)
        if host == "receiver.example":
            host = "127.0.0.1" if len(looked_up) == 1 else "127.0.0.2"
        return found(host, *args, **words)  # type: ignore[arg-type]

    monkeypatch.setattr(socket, "getaddrinfo", rebinding)
    with Receiver() as receiver:
        url = f"http://receiver.example:{receiver.port}/"
        assert call(tmp_path, url, allow_networks=["127.0.0.1/32"]).status == 204
        assert receiver.calls[0].headers["host"] == f"receiver.example:{receiver.port}"
    assert looked_up.count("receiver.example") == 1


def test_no_proxy_of_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A proxy would connect to what was not checked: it is not used."""
    with Receiver() as proxy, Receiver() as receiver:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
        assert call(tmp_path, receiver.url).status == 204
        assert not proxy.calls


@pytest.mark.parametrize(
    ("chunks", "every_s"),
    [
        ([], 0.0),
        ([b"HTTP/1.1 200 OK\r\n", *[b"x"] * 100], 0.05),
        ([b"HTTP/1.1 200 OK\r\n", *[b"X-A: b\r\n"] * 100], 0.05),
    ],
    ids=["silent", "a-byte-at-a-time", "a-header-at-a-time"],
)
def test_slow(tmp_path: Path, chunks: list[bytes], every_s: float) -> None:
    """However slowly it answers, a call ends in its time."""
    with raw_server(*chunks, every_s=every_s) as url:
        begun = time.monotonic()
        answer = call(tmp_path, url, timeout_s=0.5)
        assert time.monotonic() - begun < 3
    assert (answer.status, answer.reached) == (None, True)
    assert answer.why in ("TimeoutError", "ReadTimeout")


def test_an_endless_body_is_not_waited_for(tmp_path: Path) -> None:
    """Once the status is there it counts, whatever the body does."""
    head = b"HTTP/1.1 202 Accepted\r\nContent-Length: 1000000\r\n\r\n"
    with raw_server(head, *[b"x" * 1000] * 100, every_s=0.05) as url:
        assert call(tmp_path, url, timeout_s=10).status == 202


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"\x00\xff" * 100,
        b"HTTP/9.9 999 ?\r\n\r\n",
        b"HTTP/1.1 OK\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: minus one\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"X-Long: " + b"x" * 200_000 + b"\r\n\r\n",
        b"220 mail.example ESMTP\r\n",
    ],
)
def test_nonsense(tmp_path: Path, answer: bytes) -> None:
    """An answer that is no HTTP is no success, and its text is not passed on."""
    with Receiver(lambda _: answer) as receiver:
        said = call(tmp_path, receiver.url)
    assert said.meaning is Meaning.AWAY
    assert str(said).isidentifier() or said.status == 999


def test_nobody_listens(tmp_path: Path) -> None:
    """A port where nobody listens, and a name that does not exist, are not reached."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    answer = call(tmp_path, f"http://127.0.0.1:{port}/")
    assert (answer.status, answer.reached) == (None, False)
    answer = call(tmp_path, "http://nobody.invalid/")
    assert (answer.status, answer.reached) == (None, False)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for localhost that nobody has signed but itself, with its key."""
    if shutil.which("openssl") is None:
        missing("openssl", "install the package openssl")
    file = tmp_path_factory.mktemp("tls") / "own.pem"
    said = "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost"
    said += f" -addext subjectAltName=DNS:localhost -keyout {file} -out {file}.crt"
    subprocess.run(shlex.split(said), check=True, capture_output=True)
    file.write_bytes(file.read_bytes() + Path(f"{file}.crt").read_bytes())
    return file


def test_tls_is_verified(tmp_path: Path, certificate: Path) -> None:
    """Only the certificate of a known signer, for the name that was called, is trusted."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    with Receiver(tls=context) as receiver:
        named = f"https://localhost:{receiver.port}/"
        signer = Path(f"{certificate}.crt")
        assert call(tmp_path, named, ca_file=signer).status == 204
        for url, trusted in ((named, {}), (receiver.url, {"ca_file": signer})):
            answer = call(tmp_path, url, **trusted)
            assert (answer.status, answer.why, answer.reached) == (None, "ConnectError", False)
        assert len(receiver.calls) == 1
