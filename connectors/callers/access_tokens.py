"""Access tokens of an authorization server: JSON Web Tokens, checked by its public keys.

The client's key, `client:<id>`, is then looked for among the credentials, like any other.
"""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final, NamedTuple

import httpx

from connectors.callers.oauth_options import OAuthOptions
from connectors.callers.scopes import Scope, Scopes
from connectors.provider.errors import Flaw, ProviderAway, TokenRefused
from connectors.provider.fetching import MOST_BYTES, Json, client, document
from connectors.provider.keys import WHERE, Keys
from connectors.provider.signed import LEEWAY, Claims, claims_of, number

AGAIN_AFTER: Final = timedelta(seconds=5)
"""How long an authorization server that did not answer is left alone."""
TYPES: Final = frozenset({"at+jwt", "application/at+jwt", "jwt"})
KNOWN: Final = frozenset(Scope)


class Granted(NamedTuple):
    """What a token says."""

    key: str
    """Of the credential: `client:<id>`."""
    scopes: Scopes | None
    """Those of ours that it names; None: it is not asked for any."""
    thumbprint: str | None
    """SHA-256 of the only certificate it may be shown with (RFC 8705, 3), base64url."""


class AccessTokens:
    """Reads the tokens of one authorization server; safe from several threads."""

    def __init__(
        self, options: OAuthOptions, fetch: Callable[[], Json], close: Callable[[], None]
    ) -> None:
        """`fetch` asks for the keys; raises ProviderAway."""
        self._options = options
        self.close = close
        self._keys = Keys(
            fetch,
            timedelta(seconds=options.keys_fresh_s),
            timedelta(seconds=options.keys_kept_s),
            again_after=AGAIN_AFTER,
            wait_s=0,
        )

    @classmethod
    def of(cls, options: OAuthOptions) -> "AccessTokens":
        """Those of the settings, asked by a client of its own; close it."""
        if options.jwks_file is not None:
            file = options.jwks_file
            return cls(options, lambda: _in_file(file), lambda: None)
        http: httpx.Client = client(options.ca_file)
        return cls(options, lambda: document(http, WHERE, options.jwks_url), http.close)

    def granted(self, token: str, now: datetime) -> Granted:
        """What it grants; raises TokenRefused, and ProviderAway when its key cannot be had."""
        claims = claims_of(token, self._keys, now, self._options.algorithms, TYPES)
        self._check(claims, now)
        found = claims.get(self._options.client_claim)
        if not isinstance(found, str) or not found:
            raise TokenRefused(Flaw.SUBJECT)
        return Granted(f"client:{found}", self._scopes(claims), _thumbprint(claims))

    def _check(self, claims: Claims, now: datetime) -> None:
        if claims.get("iss") != self._options.issuer:
            raise TokenRefused(Flaw.ISSUER)
        audience = claims.get("aud")
        if self._options.audience not in (audience if isinstance(audience, list) else [audience]):
            raise TokenRefused(Flaw.AUDIENCE)
        at, leeway = now.timestamp(), LEEWAY.total_seconds()
        expires, begins = number(claims.get("exp")), number(claims.get("nbf", 0))
        if expires is None or expires + leeway <= at:
            raise TokenRefused(Flaw.EXPIRED)
        if begins is None or begins - leeway > at:
            raise TokenRefused(Flaw.NOT_YET)

    def _scopes(self, claims: Claims) -> Scopes | None:
        if not self._options.scope_claim:
            return None
        said = claims.get(self._options.scope_claim, "")
        words = said.split() if isinstance(said, str) else said if isinstance(said, list) else []
        return frozenset(Scope(word) for word in words if isinstance(word, str) and word in KNOWN)


def _thumbprint(claims: Claims) -> str | None:
    """Of the certificate that the token is bound to; bound to something else it is refused."""
    bound: Any = claims.get("cnf")
    if bound is None:
        return None
    found = bound.get("x5t#S256") if isinstance(bound, dict) and len(bound) == 1 else None
    if not isinstance(found, str):
        raise TokenRefused(Flaw.SUBJECT)
    return found


def _in_file(file: Path) -> Json:
    try:
        with file.open("rb") as opened:
            found = json.loads(opened.read(MOST_BYTES))
    except (OSError, ValueError, RecursionError) as error:
        raise ProviderAway(WHERE, type(error).__name__) from None
    if not isinstance(found, dict):
        raise ProviderAway(WHERE, "no object")
    return found
