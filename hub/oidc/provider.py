"""One OpenID provider: the authorization code flow with PKCE, state and nonce (RFC 9700)."""

import re
import threading
from base64 import urlsafe_b64encode
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final, Self
from urllib.parse import quote, urlencode

import httpx

from connectors.provider.errors import ProviderAway
from connectors.provider.fetching import asked, client, document
from connectors.provider.keys import Keys
from connectors.provider.signed import claims_of
from hub.access.claims import Claims
from hub.access.options import OidcOptions
from hub.oidc import metadata
from hub.oidc.errors import CodeRefused
from hub.oidc.id_token import Expected, check
from hub.oidc.metadata import Metadata

FRESH_FOR: Final = timedelta(hours=1)
"""So long the provider's addresses are believed without asking again."""


_CODE = re.compile(r"[a-z_]{1,40}")


class Provider:
    """The provider of the settings; safe from several threads."""

    def __init__(self, options: OidcOptions, come_back: str, http: httpx.Client) -> None:
        """`come_back`: the address that the provider leads back to, registered there."""
        self._options = options
        self._come_back = come_back
        self._http = http
        self._lock = threading.Lock()
        self._metadata: tuple[Metadata, datetime] | None = None
        self._keys = Keys(lambda: document(self._http, "keys", self._known().jwks_uri))

    @classmethod
    def of(cls, options: OidcOptions, come_back: str) -> Self:
        """The provider of the settings, asked by a client of its own; close it."""
        return cls(options, come_back, client(options.ca_file))

    def close(self) -> None:
        """Let go of its connections."""
        self._http.close()

    def authorization_url(
        self, state: str, nonce: str, verifier: str, now: datetime, *, again: bool
    ) -> str:
        """Where to send the browser; `again`: they must show anew who they are."""
        challenge = urlsafe_b64encode(sha256(verifier.encode()).digest()).rstrip(b"=").decode()
        asked_for = {
            "response_type": "code",
            "client_id": self._options.client_id,
            "redirect_uri": self._come_back,
            "scope": " ".join(self._options.scopes),
            "state": state,
            "nonce": nonce,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
        }
        if again:
            asked_for |= {"prompt": "login", "max_age": "0"}
        return _with(self._asked(now).authorization_endpoint, asked_for)

    def is_from(self, issuer: str | None, now: datetime) -> bool:
        """Whether an answer with this `iss` is this provider's (RFC 9207)."""
        if issuer is None:
            return not self._asked(now).says_who_it_is
        return issuer == self._options.issuer

    def redeem(self, code: str, verifier: str, now: datetime) -> str:
        """The id token for this code; raises CodeRefused, ProviderAway."""
        known, options = self._asked(now), self._options
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self._come_back,
            "code_verifier": verifier,
        }
        auth = None
        if options.client_secret is None:
            form["client_id"] = options.client_id
        elif known.takes_basic:
            secret = options.client_secret.get_secret_value()
            auth = quote(options.client_id, safe=""), quote(secret, safe="")
        else:
            form["client_id"] = options.client_id
            form["client_secret"] = options.client_secret.get_secret_value()
        status, found = asked(self._http, "token", "POST", known.token_endpoint, form, auth)
        if httpx.codes.is_client_error(status):
            raise CodeRefused(_code(found.get("error")))
        id_token = found.get("id_token")
        if status != httpx.codes.OK or not isinstance(id_token, str):
            raise ProviderAway("token", f"HTTP {status}")
        return id_token

    def claims(self, id_token: str, expected: Expected, now: datetime) -> Claims:
        """What the token says, signed by the provider for us; raises TokenRefused."""
        self._asked(now)
        found = claims_of(id_token, self._keys, now)
        check(found, expected, now)
        return found

    def sign_out_url(self, id_token: str | None, lead_to: str, now: datetime) -> str | None:
        """Where to send the browser to sign out there too; None: it has no such address."""
        where = self._asked(now).end_session_endpoint
        if where is None:
            return None
        said = {"client_id": self._options.client_id, "post_logout_redirect_uri": lead_to}
        return _with(where, said | ({"id_token_hint": id_token} if id_token else {}))

    def _asked(self, now: datetime) -> Metadata:
        """The provider's addresses; raises ProviderAway."""
        issuer = self._options.issuer
        with self._lock:
            if self._metadata is None or now - self._metadata[1] >= FRESH_FOR:
                found = document(self._http, metadata.WHERE, metadata.address(issuer))
                self._metadata = metadata.read(found, issuer), now
            return self._metadata[0]

    def _known(self) -> Metadata:
        """The addresses as they were asked for last."""
        with self._lock:
            if self._metadata is None:
                raise ProviderAway(metadata.WHERE, "not asked yet")
            return self._metadata[0]


def _code(said: object) -> str:
    """A code of the standard; whatever else a provider says is not written down."""
    return said if isinstance(said, str) and _CODE.fullmatch(said) else ""


def _with(address: str, query: dict[str, str]) -> str:
    return f"{address}{'&' if '?' in address else '?'}{urlencode(query)}"
