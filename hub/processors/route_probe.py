"""Sends a probe of the hub's monitor to the inbox that it is to reach, and tells the monitor.

A probe opens no case. It is recognised as events are, and remembered apart from them, for as long
as it may be sent.
"""

from typing import Final

from hub.domain import answering, emission, probing, recognition
from hub.domain.case import Case
from hub.domain.copies import copies
from hub.domain.decision import Decision, Limits, Received, State, StateChanges, no_timers
from hub.domain.emission import Cause
from hub.domain.parties import Parties
from hub.domain.recognition import Seen
from hub.domain.refusal import Refusal, refusal
from hub.domain.refusing import Refusing
from hub.domain.routing import PROBES
from schemas import topics
from schemas.codec import decode
from schemas.data import Data
from schemas.envelope import Event
from schemas.errors import Unreadable
from schemas.problems import ProblemCode
from schemas.vocabulary import Verdict

NAME: Final = "route_probe"
SOURCE: Final = topics.PROBES
EMITS: Final = ("probe.sent", "receipt.delivered", "receipt.refused")
_refusing: Final = Refusing(SOURCE)


def handle(received: Received, state: State, parties: Parties, limits: Limits) -> Decision:
    """All that follows from one probe; never raises for what it says."""
    try:
        event = decode(received.record)
    except Unreadable as error:
        return _refusing.refuse_unread(
            received, error.attributes, error.problems, NAME, state, parties
        )
    cause = emission.cause_of_event(received, event, NAME)
    content = recognition.digest(event)
    seen = recognition.load(state, probing.key(event.context))
    if seen.delivered == content:
        decision = Decision(Verdict.REPEATED)
        told = answering.recalled(cause, seen.deliveries)
        answering.delivered(decision, received, cause, event.context, told, parties)
        return decision
    try:
        if seen.delivered:
            raise refusal(ProblemCode.ID_REUSED, field="id")
        probing.admit(event, cause.at, parties, limits)
    except Refusal as refused:
        problems = refused.problems
        return _refusing.refuse(received, cause, event.context, problems, content, state, parties)
    return _pass_on(received, cause, event, content, parties)


def _pass_on(
    received: Received, cause: Cause, event: Event[Data], content: str, parties: Parties
) -> Decision:
    found = {party: rule for rule in PROBES for party in rule.find(event, Case(), parties)}
    made = copies(cause, event, found, parties, blocked=False)
    told = tuple(delivery for _, delivery in made)
    notes = tuple((one.to, one.rule, one.left_out) for one in told)
    state: StateChanges = {probing.key(event.context): recognition.dump(Seen(content, notes))}
    decision = Decision(Verdict.ROUTED, [copy for copy, _ in made], state)
    answering.delivered(decision, received, cause, event.context, told, parties)
    return decision


on_time: Final = no_timers
