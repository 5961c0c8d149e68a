"""Who calls, by what they show, and whether they may do what they ask for."""

from collections.abc import Callable
from datetime import datetime
from typing import Final, NamedTuple

from starlette.concurrency import run_in_threadpool
from starlette.requests import HTTPConnection

from connectors.callers.access_tokens import AccessTokens, Granted
from connectors.callers.certificates import Shown, shown_in
from connectors.callers.codes import CallerCode
from connectors.callers.credentials import Credential, Credentials
from connectors.callers.limits import Limits
from connectors.callers.refusal import NotAdmitted
from connectors.callers.scopes import ALL, Scope, Scopes, may
from connectors.callers.tokens import bearer, digest
from connectors.provider.errors import Flaw, ProviderAway, TokenRefused

COME_AGAIN_S: Final = 5.0
"""When to come again while the keys of a token's issuer cannot be had."""
_DOTS: Final = 2
"""A signed token has three parts (RFC 7515, 7.1)."""


class Caller(NamedTuple):
    """Who it is, and what they may do."""

    party: str
    scopes: Scopes = ALL

    def may(self, wanted: Scope) -> bool:
        """Whether they may do this."""
        return may(self.scopes, wanted)


class Rate(NamedTuple):
    """How many requests a party may make, by a clock that counts seconds."""

    limits: Limits
    clock: Callable[[], float]


class Entrance:
    """Lets in whom the credentials name; all addresses of a door share one."""

    def __init__(
        self,
        credentials: Callable[[], Credentials],
        now: Callable[[], datetime],
        access_tokens: AccessTokens | None = None,
        rate: Rate | None = None,
    ) -> None:
        """`credentials` gives those that count now."""
        self._credentials = credentials
        self._now = now
        self._access_tokens = access_tokens
        self._rate = rate

    async def caller(self, request: HTTPConnection, *wanted: Scope) -> Caller:
        """Who asks, if they may do one of the wanted, and now; raises NotAdmitted."""
        caller = await self._known(request)
        if self._rate is not None:
            wait_s = self._rate.limits.take(caller.party, 1, self._rate.clock())
            if wait_s:
                raise NotAdmitted(CallerCode.RATE_EXCEEDED, retry_after_s=wait_s)
        if not any(caller.may(one) for one in wanted):
            raise NotAdmitted(CallerCode.SCOPE_INSUFFICIENT, wanted)
        return caller

    async def _known(self, request: HTTPConnection) -> Caller:
        shown, certificate = request.headers.getlist("authorization"), shown_in(request.scope)
        known = self._credentials()
        if not shown:
            return self._by_certificate(certificate, known)
        token = bearer(shown[0]) if len(shown) == 1 else None
        if token is None:
            raise NotAdmitted(CallerCode.AUTHORIZATION_UNKNOWN)
        caller = await self._by_token(token, certificate, known)
        theirs = self._find(certificate, known)
        if theirs is not None and theirs.party != caller.party:
            raise NotAdmitted(CallerCode.AUTHORIZATION_MISMATCHED)
        return caller

    def _by_certificate(self, certificate: Shown | None, known: Credentials) -> Caller:
        if certificate is None:
            raise NotAdmitted(CallerCode.AUTHORIZATION_MISSING)
        found = self._find(certificate, known)
        if found is None:
            raise NotAdmitted(CallerCode.CERTIFICATE_UNKNOWN)
        if certificate.until <= self._now():  # the connection may be older
            raise NotAdmitted(CallerCode.AUTHORIZATION_EXPIRED, flaw=Flaw.EXPIRED)
        return self._good(found)

    async def _by_token(self, token: str, certificate: Shown | None, known: Credentials) -> Caller:
        found = known.find(digest(token))
        if found is not None or self._access_tokens is None or token.count(".") != _DOTS:
            return self._good(found)
        granted = await run_in_threadpool(self._granted, self._access_tokens, token)
        if granted.thumbprint not in (None, certificate and certificate.thumbprint):
            raise NotAdmitted(CallerCode.AUTHORIZATION_MISMATCHED)
        caller = self._good(known.find(granted.key))
        if granted.scopes is None:
            return caller
        both = frozenset(one for one in Scope if may(granted.scopes, one) and caller.may(one))
        return Caller(caller.party, both)

    def _granted(self, access_tokens: AccessTokens, token: str) -> Granted:
        """What a signed token grants; may wait for the keys of who signed it."""
        try:
            return access_tokens.granted(token, self._now())
        except TokenRefused as refused:
            is_over = refused.flaw is Flaw.EXPIRED
            code = CallerCode.AUTHORIZATION_EXPIRED if is_over else CallerCode.AUTHORIZATION_UNKNOWN
            raise NotAdmitted(code, flaw=refused.flaw) from None
        except ProviderAway:
            raise NotAdmitted(CallerCode.PROVIDER_AWAY, retry_after_s=COME_AGAIN_S) from None

    def _find(self, certificate: Shown | None, known: Credentials) -> Credential | None:
        if certificate is None:
            return None
        found = (known.find(key) for key in certificate.keys)
        return next((one for one in found if one is not None), None)

    def _good(self, found: Credential | None) -> Caller:
        if found is None:
            raise NotAdmitted(CallerCode.AUTHORIZATION_UNKNOWN)
        if found.is_over(self._now()):
            raise NotAdmitted(CallerCode.AUTHORIZATION_EXPIRED, flaw=Flaw.EXPIRED)
        return Caller(found.party, found.scopes)
