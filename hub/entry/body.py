"""Reads a form's body once, and hands it on to whoever reads it again."""

import asyncio
from http import HTTPStatus
from typing import Final, NamedTuple
from urllib.parse import parse_qsl

from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.types import Message, Receive

from hub.pages.forms import MOST_FIELDS

MOST_BYTES: Final = 256 * 1024
MOST_SEALED_BYTES: Final = 4 * MOST_BYTES
"""Of a form that brings along what was typed before, sealed."""
WITHIN_S: Final = 30
NUL: Final = "\x00"
"""No database takes it in a text, and no keyboard makes it."""
URLENCODED: Final = "application/x-www-form-urlencoded"


class Body(NamedTuple):
    """What was sent."""

    raw: bytes
    fields: tuple[tuple[str, str], ...]
    """Names and values in their order; empty where it is no form."""

    def value(self, name: str) -> str | None:
        """The first value of this name."""
        return next((value for field, value in self.fields if field == name), None)

    def again(self, receive: Receive) -> Receive:
        """As if it came anew; `receive` tells when the browser has left."""
        begun = False

        async def replayed() -> Message:
            nonlocal begun
            if begun:
                return await receive()
            begun = True
            return {"type": "http.request", "body": self.raw, "more_body": False}

        return replayed


async def read(request: Request, most_bytes: int = MOST_BYTES) -> Body:
    """The whole body; raises HTTPException if it is too long, too slow, or no form at all."""
    raw = b""
    try:
        async with asyncio.timeout(WITHIN_S):
            async for part in request.stream():
                raw += part
                if len(raw) > most_bytes:
                    raise HTTPException(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    except TimeoutError:
        raise HTTPException(HTTPStatus.REQUEST_TIMEOUT) from None
    except ClientDisconnect:
        raise HTTPException(HTTPStatus.BAD_REQUEST) from None
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if not raw:
        return Body(raw, ())
    if kind != URLENCODED:
        raise HTTPException(HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
    try:
        fields = parse_qsl(
            raw.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=MOST_FIELDS
        )
    except ValueError:
        raise HTTPException(HTTPStatus.BAD_REQUEST) from None
    if any(NUL in text for field in fields for text in field):
        raise HTTPException(HTTPStatus.BAD_REQUEST)
    return Body(raw, tuple(fields))
