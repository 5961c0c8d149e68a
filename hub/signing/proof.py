"""Whether an event counts as signed by whom it names as its sender. Pure."""

from datetime import UTC, datetime

from hub.domain.decision import Limits
from hub.domain.refusal import refusal
from hub.signing.claims import Claim
from schemas.envelope import SIGNATURE
from schemas.problems import Problem, ProblemCode, problem


def check(claim: Claim, at_s: float) -> None:
    """Raise Refusal unless it is certain who signed the event that lay on its topic then.

    The moment is the broker's, so that the same is found whenever it is asked again.
    """
    if not claim.is_true():
        raise refusal(ProblemCode.SIGNATURE_INVALID, field=SIGNATURE)
    if claim.key.is_revoked(at_s):
        raise refusal(ProblemCode.SIGNING_KEY_REVOKED, field=SIGNATURE)


def untimely(claim: Claim, at_s: float, limits: Limits) -> Problem | None:
    """What speaks against the time at which it was signed; None if nothing does."""
    signed_s, key = claim.jws.head.at_s, claim.key
    begins, ends = key.valid_s
    if signed_s > at_s + limits.max_ahead.total_seconds():
        detail = "It was made in the future; set the clock of who signs."
    elif signed_s < at_s - limits.max_age.total_seconds():
        detail = f"It is older than {limits.max_age.days} days; sign what stands today."
    elif signed_s < begins:
        detail = f"Its key is good from {_moment(key.valid_from)} on; set the clock of who signs."
    elif signed_s >= ends:
        detail = f"Its key was good until {_moment(key.valid_until)}; sign with the newest."
    else:
        return None
    return problem(ProblemCode.SIGNATURE_EXPIRED, detail, SIGNATURE)


def _moment(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
