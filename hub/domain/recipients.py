"""Finds who gets an event: by the table of rules, and only those who may have it."""

from collections.abc import Mapping
from typing import Final

from hub.domain.case import Case
from hub.domain.parties import Parties
from hub.domain.refusal import Refusal, refusal
from hub.domain.routing import RULES_OF, Rule
from schemas.data import Data
from schemas.envelope import Event
from schemas.problems import ProblemCode

NAMING: Final = frozenset({"referral.requested"})
"""The types whose sender may name the recipient."""


def route(
    event: Event[Data], case: Case, parties: Parties, *, is_heard: bool = False
) -> dict[str, Rule]:
    """Each recipient with the rule that found it; raises Refusal if there is none to send to.

    `is_heard`: the hub itself needs the event, so that there may be none.
    """
    kind, sender = event.data.TYPE, event.context.party
    if event.context.recipient is not None and kind not in NAMING:
        detail = "This event type finds its recipients by rule; leave the recipient out."
        raise refusal(ProblemCode.RECIPIENT_NOT_PERMITTED, detail, "recipient")
    found: dict[str, Rule] = {}
    for rule in RULES_OF.get(kind, ()):
        for party in rule.find(event, case, parties):
            found.setdefault(party, rule)
    if kind in NAMING and set(found) == {sender}:
        raise refusal(ProblemCode.RECIPIENT_IS_SENDER, field="recipient")
    found.pop(sender, None)
    if not found and is_heard:
        return {}
    if not found:
        raise refusal(ProblemCode.NO_RECIPIENT)
    return _permitted(found, event, parties)


def _permitted(found: Mapping[str, Rule], event: Event[Data], parties: Parties) -> dict[str, Rule]:
    """Those who may have it; raises Refusal if a chosen one may not, or nobody may."""
    permitted: dict[str, Rule] = {}
    obstacles: list[Refusal] = []
    for recipient, rule in found.items():
        obstacle = _obstacle(recipient, rule, event, parties)
        if obstacle is None:
            permitted[recipient] = rule
        elif rule.chosen_in is not None:
            raise obstacle
        else:
            obstacles.append(obstacle)
    if not permitted:
        raise obstacles[0]
    return permitted


def _obstacle(recipient: str, rule: Rule, event: Event[Data], parties: Parties) -> Refusal | None:
    """Why this party may not have it: it may also have left since the case began."""
    field = rule.chosen_in or "recipient"
    party = parties.get(recipient)
    if party is None:
        return refusal(ProblemCode.RECIPIENT_UNKNOWN, field=field)
    if not party.may_receive(event.data.TYPE):
        detail = f"{recipient} may not receive {event.data.TYPE}."
        return refusal(ProblemCode.RECIPIENT_NOT_PERMITTED, detail, field)
    if not party.is_committed:
        return refusal(ProblemCode.COMMITMENT_MISSING, field=field)
    return None
