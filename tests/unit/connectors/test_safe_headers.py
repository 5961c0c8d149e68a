"""What stands on every answer of every listener, asked of real servers."""

import http.client
import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from starlette.applications import Starlette
from starlette.responses import JSONResponse, PlainTextResponse
from starlette.routing import Route
from starlette.types import ASGIApp

from connectors.safe_headers import ALWAYS, YEAR_OF_TLS
from connectors.serving import Address, serve
from tests.support.certificates import TestAuthority


async def _own(_: object) -> JSONResponse:
    headers = {"Cache-Control": "public, max-age=7", "X-Frame-Options": "SAMEORIGIN"}
    return JSONResponse({}, headers=headers)


async def _plain(_: object) -> PlainTextResponse:
    return PlainTextResponse("here")


def app() -> Starlette:
    """An application that says nothing of headers, and one address that does."""
    return Starlette(routes=[Route("/", _plain), Route("/own", _own)])


@contextmanager
def served(app: ASGIApp, **how: Any) -> Iterator[int]:  # noqa: ANN401 - parts of an address
    """A real server; hands out its port."""
    stop, opened = threading.Event(), threading.Event()
    ports: list[int] = []

    def note(port: int) -> None:
        ports.append(port)
        opened.set()

    address = Address("127.0.0.1", 0, stop_timeout_s=5, **how)
    thread = threading.Thread(target=serve, args=(app, address, stop, note))
    thread.start()
    try:
        assert opened.wait(60)
        yield ports[0]
    finally:
        stop.set()
        thread.join(60)


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    """One without TLS."""
    with served(app()) as found:
        yield found


def headers_of(port: int, path: str, **headers: str) -> Mapping[str, str]:
    """Those of an answer."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("GET", path, headers=headers)
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return {name.lower(): said for name, said in answer.getheaders()}


def lacking(found: Mapping[str, str]) -> set[str]:
    """Which are not there, or say something else."""
    return {name for name, said in ALWAYS.items() if found.get(name.lower()) != said}


@pytest.mark.parametrize("path", ["/", "/nowhere", "/%00", f"/?{'a' * 20_000}"])
def test_every_answer_has_them(port: int, path: str) -> None:
    """An answer, one that there is nothing, and what no application has seen."""
    found = headers_of(port, path)

    assert lacking(found) == set()
    assert "strict-transport-security" not in found
    assert "server" not in found


def test_what_is_no_http_gets_them(port: int) -> None:
    """Also the answer that is written before there is a request."""
    with socket.create_connection(("127.0.0.1", port), timeout=60) as caller:
        caller.sendall(b"GET / HTTP/1.1\r\nnonsense\r\n\r\n")
        answer = caller.makefile("rb").read().decode()

    head = answer.partition("\r\n\r\n")[0].split("\r\n")[1:]
    assert lacking({one.partition(": ")[0]: one.partition(": ")[2] for one in head}) == set()


def test_what_an_answer_says_itself_stands(port: int) -> None:
    """A directory that others may keep says so."""
    assert lacking(headers_of(port, "/own")) == {"Cache-Control", "X-Frame-Options"}


def test_by_tls_it_stays_so(tmp_path: Path) -> None:
    """Who came by TLS once comes by nothing else for a year."""
    authority = TestAuthority(tmp_path)
    own = authority.issue("door", x509.DNSName("localhost"))
    with served(app(), certificate=own.certificate, key=own.key) as port:
        connection = http.client.HTTPSConnection(
            "localhost", port, timeout=60, context=authority.trusting()
        )
        connection.request("GET", "/")
        answer = connection.getresponse()
        answer.read()
        connection.close()

    assert answer.getheader("strict-transport-security") == YEAR_OF_TLS
