"""What an id token must say to be believed (OpenID Connect Core 1.0, 3.1.3.7). Pure."""

from datetime import datetime, timedelta
from typing import Final, NamedTuple

from connectors.provider.errors import Flaw, TokenRefused
from connectors.provider.signed import LEEWAY, number
from hub.access.claims import Claims
from hub.access.tokens import same

OLDEST: Final = timedelta(minutes=10)
"""A token is used at once; one that was issued before is not for this sign-in."""
LONGEST_SUBJECT: Final = 255


class Expected(NamedTuple):
    """What was asked for."""

    issuer: str
    client_id: str
    nonce: str
    fresh_since: datetime | None = None
    """Since when they must have shown who they are; None: whenever."""


def check(claims: Claims, expected: Expected, now: datetime) -> None:
    """Raise TokenRefused unless the claims are those of the token that was asked for."""
    if claims.get("iss") != expected.issuer:
        raise TokenRefused(Flaw.ISSUER)
    if not _is_for(claims, expected.client_id):
        raise TokenRefused(Flaw.AUDIENCE)
    subject = claims.get("sub")
    if not isinstance(subject, str) or not 0 < len(subject) <= LONGEST_SUBJECT:
        raise TokenRefused(Flaw.SUBJECT)
    nonce = claims.get("nonce")
    if not isinstance(nonce, str) or not same(nonce, expected.nonce):
        raise TokenRefused(Flaw.NONCE)
    _check_times(claims, expected.fresh_since, now)


def _is_for(claims: Claims, client_id: str) -> bool:
    audience = claims.get("aud")
    many = audience if isinstance(audience, list) else [audience]
    authorized = claims.get("azp", client_id if len(many) == 1 else None)
    return client_id in many and authorized == client_id


def _check_times(claims: Claims, fresh_since: datetime | None, now: datetime) -> None:
    at = now.timestamp()
    leeway = LEEWAY.total_seconds()
    issued, expires = number(claims.get("iat")), number(claims.get("exp"))
    if issued is None or expires is None or expires + leeway <= at:
        raise TokenRefused(Flaw.EXPIRED)
    if at - issued > OLDEST.total_seconds() + leeway:
        raise TokenRefused(Flaw.EXPIRED)
    begins = number(claims.get("nbf", issued))
    if begins is None or max(issued, begins) - leeway > at:
        raise TokenRefused(Flaw.NOT_YET)
    if fresh_since is not None:
        shown = number(claims.get("auth_time"))
        if shown is None or shown + leeway < fresh_since.timestamp():
            raise TokenRefused(Flaw.NOT_FRESH)
