"""Why an event may not be said at all: not by this party, on this power, for this purpose, now."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from schemas.events.referral_requested import ReferralRequested
from schemas.problems import ProblemCode
from schemas.vocabulary import LegalBasis
from tests.year.offices import BY_ID
from tests.year.script.saying import Saying

OLDEST: Final = timedelta(days=30)
FURTHEST_AHEAD: Final = timedelta(minutes=5)
MAY_SAY: Final = {
    "handover": {"jobcenter", "carrier"},
    "disclosure-block": {"municipality"},
    "address-change": {"jobcenter", "municipality"},
}
"""Which kinds of party may say what; everything else all may that speak here."""
POWERS: Final = {
    "referral": "sgb1-16-2 sgb2-16a sgb10-67b sgb10-69",
    "address-change": "sgb1-60 sgb10-69",
    "disclosure-block": "bmg-33-4",
    "handover": "sgb10-2-3",
    "support-offer": "sgb1-17",
}
REGISTRAR: Final = {("address-change", "municipality"): ("bmg-34",)}
"""What only those who keep a register of residents may rely on, beside."""
PURPOSES: Final = {
    "referral": "benefits integration municipal-services",
    "address-change": "residence jurisdiction",
    "disclosure-block": "protection",
    "handover": "jurisdiction",
    "support-offer": "directory",
}


def not_admitted(saying: Saying) -> ProblemCode | None:
    """The first reason; None: it may be said."""
    return next(_obstacles(saying), None)


def _obstacles(saying: Saying) -> Iterator[ProblemCode]:
    context, data = saying.event.context, saying.event.data
    family, kind = data.TYPE.partition(".")[0], BY_ID[context.party].kind
    if kind not in MAY_SAY.get(family, {kind}):
        yield ProblemCode.SENDER_NOT_PERMITTED
    elif context.legalbasis not in (*POWERS[family].split(), *REGISTRAR.get((family, kind), ())):
        yield ProblemCode.LEGAL_BASIS_NOT_PERMITTED
    if context.purpose not in PURPOSES[family].split():
        yield ProblemCode.PURPOSE_NOT_PERMITTED
    on_consent = context.legalbasis is LegalBasis.SGB10_67B
    if on_consent and isinstance(data, ReferralRequested) and data.consent is None:
        yield ProblemCode.FIELD_MISSING
    if saying.at - context.time > OLDEST:
        yield ProblemCode.TOO_LATE
    if context.time - saying.at > FURTHEST_AHEAD:
        yield ProblemCode.TIME_IN_FUTURE
