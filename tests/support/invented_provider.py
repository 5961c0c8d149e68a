"""An OpenID provider that says whatever a test wants, to see what is made of it.

The real one is in `real_provider`; this one lies.
"""

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final

import httpx
from joserfc import jwt
from joserfc.jwk import ECKey, KeyParameters, KeySet, OKPKey, RSAKey

from tests.support.accounts import NOW

ISSUER: Final = "https://id.example"
CLIENT: Final = "kurze-wege"
PrivateKey = RSAKey | ECKey | OKPKey
DISCOVERY: Final[Mapping[str, Any]] = {
    "issuer": ISSUER,
    "authorization_endpoint": f"{ISSUER}/auth",
    "token_endpoint": f"{ISSUER}/token",
    "jwks_uri": f"{ISSUER}/jwks",
    "end_session_endpoint": f"{ISSUER}/end",
    "authorization_response_iss_parameter_supported": True,
}


def a_key(kid: str = "one", kind: str = "EC") -> PrivateKey:
    """A new key that signs."""
    parameters: KeyParameters = {"kid": kid, "use": "sig"}
    if kind == "RSA":
        return RSAKey.generate_key(2048, parameters)
    if kind == "OKP":
        return OKPKey.generate_key("Ed25519", parameters)
    return ECKey.generate_key("P-256", parameters)


class InventedProvider:
    """Answers as `said` says; each document can be replaced, each request is remembered."""

    def __init__(self, *keys: PrivateKey) -> None:
        """Sign with the first of these keys, or with a new one."""
        self.keys = list(keys) or [a_key()]
        self.discovery: dict[str, Any] = dict(DISCOVERY)
        self.token: Callable[[httpx.Request], httpx.Response] | None = None
        self.asked: list[httpx.Request] = []
        self.nonce = "the-nonce"
        self.claims: dict[str, Any] = {}
        self.now: Callable[[], datetime] = lambda: NOW

    def id_token(
        self, *, key: PrivateKey | None = None, alg: str = "ES256", **claims: object
    ) -> str:
        """A token for us with these claims besides the usual ones."""
        signing = key or self.keys[0]
        at = int(self.now().timestamp())
        usual = {
            "iss": ISSUER,
            "aud": CLIENT,
            "sub": "9f1c",
            "nonce": self.nonce,
            "iat": at,
            "exp": at + 300,
            "name": "Jo Muster",
            "roles": ["kw-clerk"],
        }
        header = {"alg": alg, "kid": signing.kid}
        return jwt.encode(header, usual | self.claims | claims, signing, algorithms=[alg])

    def client(self) -> httpx.Client:
        """A client that reaches nothing but this."""
        return httpx.Client(transport=httpx.MockTransport(self._answer))

    def asked_for(self, path: str) -> int:
        """How often this document was asked for."""
        return sum(request.url.path == path for request in self.asked)

    def _answer(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        if request.url.path == "/.well-known/openid-configuration":
            return httpx.Response(200, json=self.discovery)
        if request.url.path == "/jwks":
            public = [key.as_dict(private=False) for key in KeySet(list(self.keys))]
            return httpx.Response(200, json={"keys": json.loads(json.dumps(public))})
        if request.url.path == "/token":
            if self.token is not None:
                return self.token(request)
            return httpx.Response(200, json={"id_token": self.id_token(), "access_token": "x"})
        return httpx.Response(404, json={})
