"""Probes: who may send one, to whom it goes, and who is answered.

A probe says nothing, so it may do nothing: the hub's own monitor may name any party, a party only
itself. What became of it the monitor alone hears.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from hub.domain import admission, recognition
from hub.domain.case import Case
from hub.domain.decision import Limits
from hub.domain.emission import HUB, Cause
from hub.domain.finding import NOBODY, Found
from hub.domain.parties import Parties
from hub.domain.refusal import Refusal, refusal
from schemas.data import Data
from schemas.envelope import SOURCE_PREFIX, Context, Event, party_of
from schemas.events.probe_sent import ProbeSent
from schemas.problems import Problem, ProblemCode, problem
from schemas.topics import DELIVERY_PREFIX, PROBE_ANSWERS
from schemas.vocabulary import LegalBasis

SYSTEM: Final = "probe"
"""The system in `source` that probes come from, the monitor's and a party's."""
MONITOR: Final = HUB + SYSTEM
"""The source of the hub's own monitor."""
ASKER: Final = PROBE_ANSWERS.name.removeprefix(DELIVERY_PREFIX)
"""Whose topic the answers lie on: the hub's own name, which no party may have."""
MAX_AGE: Final = timedelta(days=1)
"""How old a probe may be when it comes in; a door that was away for longer is known by then."""
FAMILY: Final = b"probe/"
"""The family of keys that say what was done with a probe: probes crowd out no event."""


def key(context: Context) -> bytes:
    """The state key of a probe."""
    named = recognition.key(context.source, context.id)
    return FAMILY + named.removeprefix(recognition.FAMILY)


def named_by_monitor(event: Event[Data], _case: Case, _parties: Parties) -> Found:
    """The party that the monitor named."""
    named = event.context.recipient
    return (named,) if named and event.context.source == MONITOR else NOBODY


def itself(event: Event[Data], _case: Case, parties: Parties) -> Found:
    """The party through whose own door the probe came."""
    party = event.context.party
    return (party,) if _is_a_partys(event.context.source, parties) else NOBODY


def asker(cause: Cause) -> str | None:
    """Who is answered if this is a probe; None: it is none."""
    is_one = (cause.type or "").startswith(f"{ProbeSent.TYPE}.v")
    is_ours = is_one and (cause.source or "").endswith(f"/{SYSTEM}")
    return ASKER if is_ours else None


def admit(event: Event[Data], received_at: datetime, parties: Parties, limits: Limits) -> None:
    """Raise Refusal, with every problem found, unless this probe may be sent."""
    if not isinstance(event.data, ProbeSent):
        raise refusal(ProblemCode.WRONG_TOPIC, field="type")
    source = event.context.source
    if source != MONITOR and not _is_a_partys(source, parties):
        known = parties.get(party_of(source)) is not None
        code = ProblemCode.SENDER_NOT_PERMITTED if known else ProblemCode.SENDER_UNKNOWN
        raise refusal(code, "Only the hub's monitor sends probes.", "source")
    fresh = replace(limits, max_age=min(limits.max_age, MAX_AGE))
    problems = [
        *_recipient(event.context, parties),
        *_terms(event),
        *admission.times(event, received_at, fresh),
    ]
    if problems:
        raise Refusal(*problems)


def _recipient(context: Context, parties: Parties) -> Iterator[Problem]:
    if context.recipient is None:
        detail = "Name the party whose inbox is to be reached."
        yield problem(ProblemCode.RECIPIENT_REQUIRED, detail, "recipient")
    elif parties.get(context.recipient) is None:
        yield problem(ProblemCode.RECIPIENT_UNKNOWN, field="recipient")
    elif context.source != MONITOR and context.recipient != context.party:
        detail = "A party's probe goes to that party itself."
        yield problem(ProblemCode.RECIPIENT_NOT_PERMITTED, detail, "recipient")


def _terms(event: Event[Data]) -> Iterator[Problem]:
    context = event.context
    if context.purpose not in event.data.PURPOSES:
        detail = "A probe is sent for accountability."
        yield problem(ProblemCode.PURPOSE_NOT_PERMITTED, detail, "purpose")
    if context.legalbasis is not LegalBasis.GDPR_5_2:
        detail = "A probe is sent on gdpr-5-2."
        yield problem(ProblemCode.LEGAL_BASIS_NOT_PERMITTED, detail, "legalbasis")


def _is_a_partys(source: str, parties: Parties) -> bool:
    party = party_of(source)
    return source == f"{SOURCE_PREFIX}{party}/{SYSTEM}" and parties.get(party) is not None
