"""Where the pages are seen, and which requests come from them."""

from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from typing import Final
from urllib.parse import SplitResult, urlsplit

from starlette.requests import Request

from hub.access.options import LOOPBACK
from hub.pages.language_choice import local

SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})
"""Methods that change nothing (RFC 9110, 9.2.1)."""
NEIGHBOURS_V6: Final = 64
"""Whoever has one IPv6 address has all of its network."""


@dataclass(frozen=True, slots=True)
class Site:
    """Pages at their address."""

    name: str
    """Whose pages they are, as their cookies say it."""
    public_url: str = ""
    """As clerks see it; empty: only on this machine."""
    proxies: tuple[IPv4Network | IPv6Network, ...] = ()

    def origin(self, request: Request) -> str:
        """How a browser writes where these pages come from."""
        return self.public_url or f"{request.url.scheme}://{request.headers.get('host', '')}"

    def is_secure(self, request: Request) -> bool:
        """Whether a browser sees the pages by HTTPS."""
        return self.origin(request).startswith("https:")

    def is_host(self, request: Request) -> bool:
        """Whether it is asked for under its own name: no other page can pose as it by DNS."""
        asked = request.headers.get("host", "").lower()
        if self.public_url:
            return asked == urlsplit(self.public_url).netloc
        return _parts(f"//{asked}").hostname in LOOPBACK

    def is_from_here(self, request: Request) -> bool:
        """Whether a form was sent by one of these pages, as the browser says (Fetch Metadata)."""
        origin = request.headers.get("origin")
        where = request.headers.get("sec-fetch-site")
        if where not in (None, "same-origin", "none"):
            return False
        return where == "same-origin" if origin is None else origin == self.origin(request)

    def came_from(self, request: Request) -> str:
        """The page on which a form stood, as an address to go back to; `/` if it is not known."""
        parts = _parts(request.headers.get("referer", ""))
        if f"{parts.scheme}://{parts.netloc}" != self.origin(request):
            return "/"
        return local(f"{parts.path or '/'}{'?' if parts.query else ''}{parts.query}")

    def client(self, request: Request) -> str:
        """Who asks, as far as it can be believed: an IPv4 address or an IPv6 network."""
        said = ",".join(request.headers.getlist("x-forwarded-for"))
        heard = [one.strip() for one in said.split(",")]
        address = request.client.host if request.client else ""
        while heard and self._is_proxy(address):
            address = heard.pop() or address
        return _network(address)

    def _is_proxy(self, address: str) -> bool:
        try:
            return any(ip_address(address) in network for network in self.proxies)
        except ValueError:
            return False


def _parts(said: str) -> SplitResult:
    """The parts of an address that a client says; what is none has none."""
    try:
        return urlsplit(said)
    except ValueError:
        return urlsplit("")


def _network(address: str) -> str:
    try:
        found = ip_address(address)
    except ValueError:
        return "unknown"
    if found.version == 4:  # noqa: PLR2004 - IPv4
        return str(found)
    mapped = found.ipv4_mapped
    return str(mapped or ip_network((found, NEIGHBOURS_V6), strict=False))
