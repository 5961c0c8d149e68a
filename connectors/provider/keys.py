"""The provider's public keys: kept, and fetched anew when a token names one that is not known."""

import threading
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Final

from joserfc.errors import JoseError
from joserfc.jwk import ECKey, JWKRegistry, OKPKey, RSAKey

from connectors.provider.errors import Flaw, ProviderAway, TokenRefused
from connectors.provider.fetching import Json

WHERE: Final = "keys"
FRESH_FOR: Final = timedelta(hours=1)
"""So long keys are believed without asking; one that was withdrawn counts no longer."""
NOT_BEFORE: Final = timedelta(seconds=30)
"""Tokens that name unknown keys make us ask at most so often."""
KINDS: Final = frozenset({"RSA", "EC", "OKP"})
PublicKey = RSAKey | ECKey | OKPKey


class Keys:
    """The keys by their id; safe from several threads, of which one at a time asks."""

    def __init__(
        self,
        fetch: Callable[[], Json],
        fresh_for: timedelta = FRESH_FOR,
        kept_for: timedelta | None = None,
        again_after: timedelta = timedelta(0),
        wait_s: float = -1,
    ) -> None:
        """`fetch` asks for the JWK set (RFC 7517); raises ProviderAway.

        `kept_for`: how long they are believed while the provider is away, since it was last asked
        with success; without it no longer than they are fresh. `again_after`: how long after it did
        not answer it is left alone. `wait_s`: how long to wait while another thread asks;
        negative: until it has.
        """
        self._fetch = fetch
        self._fresh_for = fresh_for
        self._kept_for = kept_for or fresh_for
        self._again_after = again_after
        self._wait_s = wait_s
        self._lock = threading.Lock()
        self._keys: list[PublicKey] = []
        self._fetched_at: datetime | None = None
        self._failed_at: datetime | None = None

    def key(self, kid: str | None, now: datetime) -> PublicKey:
        """The key with this id, or the only one there is; raises TokenRefused, ProviderAway."""
        if self._is_to_ask(kid, now):
            self._ask_if_nobody_does(kid, now)
        found = self._find(kid)
        if found is None:
            raise TokenRefused(Flaw.KEY)
        return found

    def _is_to_ask(self, kid: str | None, now: datetime) -> bool:
        return self._age(now) >= (self._fresh_for if self._find(kid) else NOT_BEFORE)

    def _ask_if_nobody_does(self, kid: str | None, now: datetime) -> None:
        """Ask; what is known already does while it may still be believed."""
        is_good = self._find(kid) is not None and self._age(now) < self._kept_for
        if not self._lock.acquire(timeout=self._wait_s):
            if is_good:
                return
            raise ProviderAway(WHERE, "being asked")
        try:
            if self._is_to_ask(kid, now):
                self._ask(now)
        except ProviderAway:
            if not is_good:
                raise
        finally:
            self._lock.release()

    def _ask(self, now: datetime) -> None:
        if self._failed_at is not None and now - self._failed_at < self._again_after:
            raise ProviderAway(WHERE, "asked just now")
        try:
            keys = list(_readable(self._fetch()))
        except ProviderAway:
            self._failed_at = now
            raise
        self._keys, self._fetched_at, self._failed_at = keys, now, None

    def _age(self, now: datetime) -> timedelta:
        return timedelta.max if self._fetched_at is None else now - self._fetched_at

    def _find(self, kid: str | None) -> PublicKey | None:
        keys = self._keys
        if kid is None:
            return keys[0] if len(keys) == 1 else None
        return next((key for key in keys if key.kid == kid), None)


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
