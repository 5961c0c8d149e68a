"""What every address refuses by a request's head alone, whoever asks, with stable codes."""

import json
from collections.abc import Iterable
from enum import StrEnum
from typing import Final

from starlette.types import ASGIApp, Receive, Scope, Send

from connectors.safe_headers import of

MAX_HEAD_BYTES: Final = 16 * 1024
"""What a request's first line and its headers may weigh together."""
NUL: Final = b"%00"
"""No address of ours has it, and no database takes it in a text."""
MEDIA_TYPE: Final = b"application/problem+json"
Headers = Iterable[tuple[bytes, bytes]]


class HeadCode(StrEnum):
    """The stable code of a problem with a request's head; never renamed, never reused."""

    UNREADABLE = "request-unreadable"
    TOO_LARGE = "head-too-large"
    TOO_SLOW = "head-too-slow"
    TWO_LENGTHS = "two-lengths"
    FULL = "connections-full"


MEANINGS: Final[dict[HeadCode, tuple[int, str]]] = {
    HeadCode.UNREADABLE: (400, "This is not HTTP/1.1 as RFC 9112 writes it, or has a NUL."),
    HeadCode.TOO_LARGE: (431, "The request's head is larger than 16 KiB; send fewer headers."),
    HeadCode.TOO_SLOW: (408, "The request's head did not arrive in time; send it again."),
    HeadCode.TWO_LENGTHS: (400, "Send Content-Length or Transfer-Encoding, not both."),
    HeadCode.FULL: (503, "Too many requests are worked on; nothing was taken, send this later."),
}
"""Status and words of each code."""


def refusal(code: HeadCode, scheme: str) -> tuple[int, list[tuple[bytes, bytes]], bytes]:
    """Status, headers and body of the answer, problem details (RFC 9457); it ends the connection.

    A second request could hide in what follows a head that two readers understand differently.
    """
    status, title = MEANINGS[code]
    found = {"code": code, "detail": title}
    problem = {"type": f"urn:kurze-wege:problem:{code}", "title": title, "status": status}
    body = json.dumps({**problem, "detail": title, "problems": [found]}).encode()
    headers = [
        (b"content-type", MEDIA_TYPE),
        (b"content-length", str(len(body)).encode()),
        (b"connection", b"close"),
    ]
    headers += [(name.lower().encode(), said.encode()) for name, said in of(scheme).items()]
    if code is HeadCode.FULL:
        headers.append((b"retry-after", b"5"))
    return status, headers, body


class RequestHead:
    """ASGI middleware before a whole application: it gets only requests with a sound head."""

    def __init__(self, app: ASGIApp) -> None:
        """Stand before `app`."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        code = _fault(scope) if scope["type"] == "http" else None
        if code is None:
            await self._app(scope, receive, send)
        else:
            await answer(scope, send, code)


async def answer(scope: Scope, send: Send, code: HeadCode) -> None:
    """Answer with this refusal."""
    status, headers, body = refusal(code, scope["scheme"])
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def _fault(scope: Scope) -> HeadCode | None:
    names = {name for name, _ in scope["headers"]}
    if {b"content-length", b"transfer-encoding"} <= names:
        return HeadCode.TWO_LENGTHS  # RFC 9112, 6.3: how requests are smuggled past a proxy
    target = len(scope.get("raw_path") or b"") + len(scope["query_string"])
    if any(NUL in (part or b"") for part in (scope.get("raw_path"), scope["query_string"])):
        return HeadCode.UNREADABLE
    weight = target + sum(len(name) + len(value) + 4 for name, value in scope["headers"])
    return HeadCode.TOO_LARGE if weight > MAX_HEAD_BYTES else None
