"""Whether an event may be sent at all: by whom, when, what for, on which legal basis."""

from datetime import datetime

from hub.domain.decision import Limits
from hub.domain.parties import Parties, Party
from hub.domain.refusal import Refusal
from schemas.data import Data
from schemas.envelope import Event
from schemas.events.referral_requested import ReferralRequested
from schemas.problems import Problem, ProblemCode, problem
from schemas.topics import Topic
from schemas.vocabulary import Classification, LegalBasis

RANK = {Classification.PUBLIC: 0, Classification.INTERNAL: 1, Classification.SOCIAL: 2}


def admit(
    event: Event[Data], topic: Topic, received_at: datetime, parties: Parties, limits: Limits
) -> Party:
    """The sender, if they may send this event now; raises Refusal with every problem found."""
    sender = parties.get(event.context.party)
    if sender is None:
        raise Refusal(problem(ProblemCode.SENDER_UNKNOWN, field="source"))
    if event.data.TYPE not in topic.carries:
        raise Refusal(problem(ProblemCode.WRONG_TOPIC, field="type"))
    problems = [
        *_powers(event, sender),
        *_consent(event),
        *times(event, received_at, limits),
    ]
    if problems:
        raise Refusal(*problems)
    return sender


def _powers(event: Event[Data], sender: Party) -> list[Problem]:
    context, data = event.context, event.data
    family = data.TYPE.partition(".")[0]
    found: list[Problem] = []
    bases = sender.sends.get(family)
    if bases is None:
        found.append(problem(ProblemCode.SENDER_NOT_PERMITTED, field="type"))
    elif context.legalbasis not in bases:
        allowed = ", ".join(sorted(bases))
        detail = f"The sender has not declared this legal basis for {family}; it has: {allowed}."
        found.append(problem(ProblemCode.LEGAL_BASIS_NOT_PERMITTED, detail, "legalbasis"))
    if context.purpose not in data.PURPOSES:
        allowed = ", ".join(sorted(data.PURPOSES))
        detail = f"The purpose does not fit {data.TYPE}; use one of: {allowed}."
        found.append(problem(ProblemCode.PURPOSE_NOT_PERMITTED, detail, "purpose"))
    if RANK[context.dataclassification] < RANK[data.CLASSIFICATION]:
        detail = f"Events of type {data.TYPE} are classified {data.CLASSIFICATION} at least."
        found.append(problem(ProblemCode.CLASSIFICATION_TOO_LOW, detail, "dataclassification"))
    return found


def _consent(event: Event[Data]) -> list[Problem]:
    """Whoever refers on the client's consent names it (SGB X §67b), while it holds."""
    context, data = event.context, event.data
    if context.legalbasis is not LegalBasis.SGB10_67B or not isinstance(data, ReferralRequested):
        return []
    if data.consent is None:
        detail = "The legal basis is the client's consent; say where the signed paper is found."
        return [problem(ProblemCode.FIELD_MISSING, detail, "consent")]
    expiry = data.consent.expires_at
    if expiry is not None and expiry < context.time:
        detail = "The client's consent no longer held when the event was sent."
        return [problem(ProblemCode.FIELD_INVALID, detail, "consent.expires_at")]
    return []


def times(event: Event[Data], received_at: datetime, limits: Limits) -> list[Problem]:
    """What is wrong with when it was said: too long ago, or not yet."""
    age = received_at - event.context.time
    if age > limits.max_age:
        detail = f"The event is older than {limits.max_age.days} days; send its present state."
        return [problem(ProblemCode.TOO_LATE, detail, "time")]
    if -age > limits.max_ahead:
        return [problem(ProblemCode.TIME_IN_FUTURE, field="time")]
    return []
