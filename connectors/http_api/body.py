"""The body of a request, up to its limit and no byte further."""

import asyncio
from collections.abc import AsyncIterator

from connectors.http_api.codes import HttpCode
from connectors.http_api.problems import refusal

LONGEST_NUMBER = 15


async def read_body(
    chunks: AsyncIterator[bytes], declared: str | None, limit: int, timeout_s: float
) -> bytes:
    """The whole body; never holds more than `limit` bytes and one chunk.

    A declared length above the limit is refused before reading; a smaller one is not believed.
    Raises NotAccepted when the body is too large or takes longer than `timeout_s` seconds.
    """
    if declared is not None and _exceeds(declared, limit):
        raise refusal(HttpCode.BODY_TOO_LARGE)
    body = bytearray()
    try:
        async with asyncio.timeout(timeout_s):
            async for chunk in chunks:
                if len(body) + len(chunk) > limit:
                    raise refusal(HttpCode.BODY_TOO_LARGE)
                body += chunk
    except TimeoutError:
        raise refusal(HttpCode.BODY_TOO_SLOW, headers={"Connection": "close"}) from None
    return bytes(body)


def _exceeds(declared: str, limit: int) -> bool:
    if not (declared.isascii() and declared.isdecimal()):
        return False
    return len(declared) > LONGEST_NUMBER or int(declared) > limit
