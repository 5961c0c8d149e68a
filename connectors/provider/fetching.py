"""Asks the provider: briefly, without following it elsewhere, and only so much of an answer."""

import json
import ssl
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import httpx

from connectors.provider.errors import ProviderAway

TIMEOUT_S: Final = 5.0
"""For each step of a call."""
WITHIN_S: Final = 15.0
"""For a whole answer, however slowly its parts come."""
MOST_BYTES: Final = 512 * 1024
Json = dict[str, Any]


def client(ca_file: Path | None) -> httpx.Client:
    """A client that trusts whom the settings say; close it."""
    return httpx.Client(
        timeout=TIMEOUT_S,
        verify=ssl.create_default_context(cafile=ca_file),
        follow_redirects=False,
        trust_env=False,
        headers={"Accept": "application/json", "Accept-Encoding": "identity"},
    )


def document(http: httpx.Client, where: str, url: str) -> Json:
    """The JSON object at this address; raises ProviderAway."""
    status, found = asked(http, where, "GET", url)
    if status != httpx.codes.OK:
        raise ProviderAway(where, f"HTTP {status}")
    return found


def asked(
    http: httpx.Client,
    where: str,
    method: str,
    url: str,
    form: Mapping[str, str] | None = None,
    auth: tuple[str, str] | None = None,
) -> tuple[int, Json]:
    """Status and JSON object of an answer; raises ProviderAway when there is none."""
    basic = None if auth is None else httpx.BasicAuth(*auth)
    try:
        with http.stream(method, url, data=form, auth=basic) as answer:
            body = _body(answer, where)
        found = json.loads(body, parse_constant=_no_number)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise ProviderAway(where, type(error).__name__) from None
    except (ValueError, RecursionError):
        raise ProviderAway(where, "no JSON") from None
    if not isinstance(found, dict):
        raise ProviderAway(where, "no object")
    return answer.status_code, found


def _body(answer: httpx.Response, where: str) -> bytes:
    """The answer as it was sent: a small compressed one could be a huge one, so none is taken."""
    if answer.headers.get("content-encoding", "identity").lower() != "identity":
        raise ProviderAway(where, "compressed")
    end = time.monotonic() + WITHIN_S
    body = b""
    for part in answer.iter_bytes():
        body += part
        if len(body) > MOST_BYTES:
            raise ProviderAway(where, "too long")
        if time.monotonic() > end:
            raise ProviderAway(where, "too slow")
    return body


def _no_number(_said: str) -> float:
    """NaN and the infinities are no JSON (RFC 8259, 6)."""
    raise ValueError
