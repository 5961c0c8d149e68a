"""The cookies: each a secret of 256 random bits, none readable by a script."""

from enum import StrEnum

from starlette.requests import Request
from starlette.responses import Response

from hub.entry.site import Site


class Cookie(StrEnum):
    """What a cookie is for."""

    SESSION = "session"
    """The session's id."""
    DOOR = "door"
    """Of whoever is about to sign in: what their form's token is made of."""
    FLOW = "flow"
    """The browser in which a sign-in at the provider began."""


def name(site: Site, cookie: Cookie, request: Request) -> str:
    """Its name: of two on one machine each has its own.

    By HTTPS with the prefix that makes browsers refuse it from anybody but this host (RFC 6265bis).
    """
    prefix = "__Host-" if site.is_secure(request) else ""
    return f"{prefix}kurze-wege-{site.name}-{cookie}"


def read(site: Site, cookie: Cookie, request: Request) -> str | None:
    """What the browser sends."""
    return request.cookies.get(name(site, cookie, request)) or None


def put(site: Site, cookie: Cookie, value: str, request: Request, answer: Response) -> None:
    """Give it to the browser, until it is closed."""
    answer.set_cookie(
        name(site, cookie, request),
        value,
        path="/",
        secure=site.is_secure(request),
        httponly=True,
        samesite="lax",  # strict would not come along from the provider, nor from a mailed link
    )


def take(site: Site, cookie: Cookie, request: Request, answer: Response) -> None:
    """Take it away."""
    answer.delete_cookie(
        name(site, cookie, request),
        path="/",
        secure=site.is_secure(request),
        httponly=True,
        samesite="lax",
    )
