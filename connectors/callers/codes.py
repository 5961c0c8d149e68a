"""The stable codes of why a caller may not come in, or not now, with words and HTTP status."""

from enum import StrEnum
from typing import Final, NamedTuple


class CallerCode(StrEnum):
    """The stable code of a problem with who calls; never renamed, never reused."""

    AUTHORIZATION_MISSING = "authorization-missing"
    AUTHORIZATION_UNKNOWN = "authorization-unknown"
    AUTHORIZATION_EXPIRED = "authorization-expired"
    AUTHORIZATION_MISMATCHED = "authorization-mismatched"
    CERTIFICATE_UNKNOWN = "certificate-unknown"
    SCOPE_INSUFFICIENT = "scope-insufficient"
    RATE_EXCEEDED = "rate-exceeded"
    TOO_MANY_OPEN = "too-many-open"
    PROVIDER_AWAY = "provider-away"


class Meaning(NamedTuple):
    """A code's HTTP status, and what it says: one sentence, with the remedy."""

    status: int
    title: str


MEANINGS: Final[dict[CallerCode, Meaning]] = {
    CallerCode.AUTHORIZATION_MISSING: Meaning(401, "Send your token as Authorization: Bearer."),
    CallerCode.AUTHORIZATION_UNKNOWN: Meaning(
        401, "This token is not known here; ask for a new one."
    ),
    CallerCode.AUTHORIZATION_EXPIRED: Meaning(401, "This token has expired; ask for a new one."),
    CallerCode.AUTHORIZATION_MISMATCHED: Meaning(
        401, "This token is not for who shows this certificate; show the two that belong together."
    ),
    CallerCode.CERTIFICATE_UNKNOWN: Meaning(
        401, "Whose this certificate is, is not known here; have it entered, or send a token."
    ),
    CallerCode.SCOPE_INSUFFICIENT: Meaning(
        403, "This token is not for that; ask for one with the scope named in WWW-Authenticate."
    ),
    CallerCode.RATE_EXCEEDED: Meaning(
        429, "More than you may ask or send in this time; wait, then send again."
    ),
    CallerCode.TOO_MANY_OPEN: Meaning(
        429, "Too many of your requests are open at once; wait for their answers, then send again."
    ),
    CallerCode.PROVIDER_AWAY: Meaning(
        503, "Your token cannot be checked now: its issuer's keys cannot be had; send again later."
    ),
}
