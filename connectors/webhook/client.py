"""Calls a receiver: to an address that was checked, over TLS that was verified, within a time."""

import asyncio
import socket
import ssl
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final

import httpx

from connectors.webhook.address import NotAllowed, chosen
from connectors.webhook.answer import Answer
from connectors.webhook.options import Options

MEDIA_TYPE: Final = "application/cloudevents+json"
READ_AT_MOST: Final = 64 * 1024
"""How much of an answer's body is read, so that the connection can be used again; never kept."""
DRAIN_S: Final = 1.0
"""How long it is read for."""
HEADERS: Final = {
    "Content-Type": MEDIA_TYPE,
    "User-Agent": "kurze-wege",
    "Accept": "*/*",
    "Accept-Encoding": "identity",
}


class Client:
    """One receiver's connection; called from one thread.

    The name is looked up once for each call, what it leads to is checked, and that address is
    connected to. No redirect is followed and no proxy of the environment is used: either would
    lead past the check.
    """

    def __init__(self, url: str, options: Options) -> None:
        """Connect at the first call. Raises OSError when `ca_file` cannot be read."""
        self._url = httpx.URL(url)
        self._timeout_s = options.timeout_s
        self._allowed = options.allow_networks
        self._loop = asyncio.Runner()
        self._http = httpx.AsyncClient(
            verify=_trust(self._url, options.ca_file),
            trust_env=False,
            follow_redirects=False,
            timeout=httpx.Timeout(options.timeout_s, connect=options.timeout_s / 2),
            headers=HEADERS,
        )

    def post(self, headers: Mapping[str, str], body: bytes) -> Answer:
        """Call the receiver and return how it ended, whatever happened, within the time."""
        try:
            return self._loop.run(self._post_in_time(headers, body))
        except NotAllowed:
            return Answer(None, "AddressNotAllowed", reached=False)
        except (httpx.ConnectError, httpx.ConnectTimeout, socket.gaierror) as error:
            return Answer(None, type(error).__name__, reached=False)
        except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError, TimeoutError) as error:
            return Answer(None, type(error).__name__)

    def close(self) -> None:
        """Let go of the connection."""
        self._loop.run(self._http.aclose())
        self._loop.close()

    async def _post_in_time(self, headers: Mapping[str, str], body: bytes) -> Answer:
        async with asyncio.timeout(self._timeout_s):
            address = await self._address()
            return await self._post(address, headers, body)

    async def _address(self) -> str:
        port = self._url.port or (443 if self._url.scheme == "https" else 80)
        loop = asyncio.get_running_loop()
        found = await loop.getaddrinfo(self._url.host, port, type=socket.SOCK_STREAM)
        return chosen([str(entry[4][0]) for entry in found], self._allowed)

    async def _post(self, address: str, headers: Mapping[str, str], body: bytes) -> Answer:
        to = self._url.copy_with(host=address)
        named = {**headers, "Host": self._url.netloc.decode("ascii")}
        verified = {"sni_hostname": self._url.raw_host.decode("ascii")}
        async with self._http.stream(
            "POST", to, content=body, headers=named, extensions=verified
        ) as response:
            answer = Answer(response.status_code, retry_after=response.headers.get("retry-after"))
            await _drain(response)
        return answer


def _trust(url: httpx.URL, ca_file: Path | None) -> ssl.SSLContext:
    """Whose certificates are trusted; for an address without TLS nobody's."""
    if url.scheme == "https":
        return ssl.create_default_context(cafile=ca_file)
    return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


async def _drain(response: httpx.Response) -> None:
    """Read the body away, for a moment: what counts is the status."""
    size = 0
    with suppress(httpx.HTTPError, TimeoutError):
        async with asyncio.timeout(DRAIN_S):
            async for chunk in response.aiter_raw():
                size += len(chunk)
                if size > READ_AT_MOST:
                    break
