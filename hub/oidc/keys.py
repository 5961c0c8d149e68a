"""The provider's public keys: kept, and fetched anew when a token names one that is not known."""

import threading
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Final

from joserfc.errors import JoseError
from joserfc.jwk import ECKey, JWKRegistry, OKPKey, RSAKey

from hub.oidc.errors import Flaw, ProviderAway, TokenRefused
from hub.oidc.fetching import Json

WHERE: Final = "keys"
FRESH_FOR: Final = timedelta(hours=1)
"""So long keys are believed without asking; one that was withdrawn counts no longer."""
NOT_BEFORE: Final = timedelta(seconds=30)
"""Tokens that name unknown keys make us ask at most so often."""
KINDS: Final = frozenset({"RSA", "EC", "OKP"})
PublicKey = RSAKey | ECKey | OKPKey


class Keys:
    """The keys by their id; safe from several threads."""

    def __init__(self, fetch: Callable[[], Json]) -> None:
        """`fetch` asks for the JWK set (RFC 7517); raises ProviderAway."""
        self._fetch = fetch
        self._lock = threading.Lock()
        self._keys: list[PublicKey] = []
        self._fetched_at: datetime | None = None

    def key(self, kid: str | None, now: datetime) -> PublicKey:
        """The key with this id, or the only one there is; raises TokenRefused, ProviderAway."""
        with self._lock:
            found = self._find(kid)
            if self._age(now) >= (FRESH_FOR if found else NOT_BEFORE):
                self._keys = list(_readable(self._fetch()))
                self._fetched_at = now
                found = self._find(kid)
        if found is None:
            raise TokenRefused(Flaw.KEY)
        return found

    def _age(self, now: datetime) -> timedelta:
        return timedelta.max if self._fetched_at is None else now - self._fetched_at

    def _find(self, kid: str | None) -> PublicKey | None:
        if kid is None:
            return self._keys[0] if len(self._keys) == 1 else None
        return next((key for key in self._keys if key.kid == kid), None)


def _readable(found: Json) -> Iterator[PublicKey]:
    """The keys that sign and that we know how to use; the others are none of ours (RFC 7517, 5)."""
    keys = found.get("keys")
    if not isinstance(keys, list):
        raise ProviderAway(WHERE, "no keys")
    for one in keys:
        if not isinstance(one, dict) or one.get("kty") not in KINDS:
            continue
        try:
            key = JWKRegistry.import_key(one)
        except (JoseError, KeyError, TypeError, ValueError):
            continue
        if isinstance(key, PublicKey) and key.get("use", "sig") == "sig":
            yield key
