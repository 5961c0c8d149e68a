"""An authorization server whose tokens open doors, for tests: its keys, its words, its absence."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from joserfc import jwt

from connectors.callers.access_tokens import AccessTokens
from connectors.callers.oauth_options import OAuthOptions
from connectors.provider.errors import ProviderAway
from connectors.provider.fetching import Json
from tests.support.invented_provider import PrivateKey, a_key

ISSUER: Final = "https://login.landkreis.example/realms/hub"
AUDIENCE: Final = "https://hub.landkreis.example"
CLIENT: Final = "sozialamt-eppertshausen"
AT: Final = datetime(2026, 11, 27, 12, tzinfo=UTC)


def oauth_options(**changes: object) -> OAuthOptions:
    """The settings by which its tokens are believed."""
    usual = {"issuer": ISSUER, "audience": AUDIENCE, "jwks_url": f"{ISSUER}/jwks"}
    return OAuthOptions.model_validate(usual | changes)


class AuthorizationServer:
    """Signs what a test wants; counts how often its keys were asked for."""

    def __init__(self, *keys: PrivateKey) -> None:
        """Sign with the first of these keys, or with a new one."""
        self.keys = list(keys) or [a_key()]
        self.is_away = False
        self.asked = 0
        self.before_answer: Callable[[], object] = lambda: None

    def fetch(self) -> Json:
        """The JWK set; raises ProviderAway while it is away."""
        self.asked += 1
        self.before_answer()
        if self.is_away:
            raise ProviderAway("keys", "away")
        return self.jwks()

    def jwks(self) -> Json:
        """Its public keys."""
        found: Json = json.loads(
            json.dumps({"keys": [one.as_dict(private=False) for one in self.keys]})
        )
        return found

    def reader(self, **changes: object) -> AccessTokens:
        """Who reads its tokens, by settings with these changes."""
        return AccessTokens(oauth_options(**changes), self.fetch, lambda: None)

    def token(
        self,
        key: PrivateKey | None = None,
        header: dict[str, Any] | None = None,
        at: datetime = AT,
        **claims: object,
    ) -> str:
        """A token with these changes; a claim of None is left out."""
        signing = key or self.keys[0]
        usual: dict[str, object] = {
            "iss": ISSUER,
            "aud": AUDIENCE,
            "sub": CLIENT,
            "client_id": CLIENT,
            "scope": "send trace openid",
            "iat": int(at.timestamp()),
            "exp": int((at + timedelta(minutes=5)).timestamp()),
            "jti": "one",
        }
        said = {name: one for name, one in (usual | claims).items() if one is not None}
        head = {"alg": "ES256", "typ": "at+jwt", "kid": signing.kid} | (header or {})
        return jwt.encode(head, said, signing, algorithms=[head["alg"]])
