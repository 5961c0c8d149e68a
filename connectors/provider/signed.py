"""What a signed token says (RFC 7515, RFC 7519), if a key of the provider's signed it."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from math import isfinite
from typing import Any, Final

from joserfc import jws, jwt
from joserfc.errors import BadSignatureError, JoseError

from connectors.provider.errors import Flaw, TokenRefused
from connectors.provider.keys import Keys

ALGORITHMS: Final = (
    *("RS256", "RS384", "RS512"),
    *("PS256", "PS384", "PS512"),
    *("ES256", "ES384", "ES512"),
    "Ed25519",
)
"""Signatures of a private key; never `none`, never one made with a secret both sides have."""
LEEWAY: Final = timedelta(seconds=60)
"""By how much the provider's clock may differ."""
Claims = dict[str, Any]


def claims_of(
    token: str,
    keys: Keys,
    now: datetime,
    algorithms: Sequence[str] = ALGORITHMS,
    types: Collection[str] | None = None,
) -> Claims:
    """The token's claims; raises TokenRefused, ProviderAway.

    `types`: what it may call itself in `typ`, in small letters; None: whatever it likes. Of the
    header `alg` and `kid` are looked at besides: the first must be one of ours, the second is
    looked for among the keys we have. Keys and addresses in a token are nobody's word.
    """
    try:
        header = jws.extract_compact(token.encode()).headers()
        if header.get("alg") not in algorithms:
            raise TokenRefused(Flaw.ALGORITHM)
        if types is not None and str(header.get("typ", "jwt")).lower() not in types:
            raise TokenRefused(Flaw.TYPE)
        kid = header.get("kid")
        if kid is not None and not isinstance(kid, str):
            raise TokenRefused(Flaw.KEY)
        key = keys.key(kid, now)
        found: Claims = jwt.decode(token, key, algorithms=list(algorithms)).claims
    except BadSignatureError:
        raise TokenRefused(Flaw.SIGNATURE) from None
    except (JoseError, ValueError, RecursionError):
        raise TokenRefused(Flaw.UNREADABLE) from None
    return found


def number(said: Any) -> float | None:  # noqa: ANN401 - any JSON value
    """A number that can be compared: not-a-number would be neither before nor after now."""
    if isinstance(said, bool) or not isinstance(said, int | float):
        return None
    try:
        found = float(said)
    except OverflowError:
        return None
    return found if isfinite(found) else None
