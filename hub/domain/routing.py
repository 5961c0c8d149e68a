"""THE table of routing rules: which event goes to whom, and why."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from hub.domain import finding
from hub.domain.case import Case
from hub.domain.parties import Parties
from hub.domain.refusal import refusal
from schemas.data import Data
from schemas.envelope import Event
from schemas.problems import ProblemCode


@dataclass(frozen=True, slots=True)
class Rule:
    """One reason to send an event to somebody."""

    id: str
    """Stable; stands on every delivery, receipt and ledger line."""
    types: tuple[str, ...]
    """The event types it is for, without version."""
    says: str
    """Why, in words."""
    find: Callable[[Event[Data], Case, Parties], finding.Found]
    """Whom; raises Refusal where the event cannot be routed."""


MOVED: Final = ("address-change.reported", "address-change.corrected")
RULES: Final = (
    Rule(
        "referral-to-named-recipient",
        ("referral.requested",),
        "The sender named the recipient.",
        finding.named,
    ),
    Rule(
        "referral-by-service-and-residence",
        ("referral.requested",),
        "This party offers the service where the client lives.",
        finding.by_service,
    ),
    Rule(
        "status-to-other-side",
        ("referral.status-changed",),
        "Sender and owner of a referral hear of each other's steps.",
        finding.the_other_side,
    ),
    Rule(
        "status-to-new-owner",
        ("referral.status-changed",),
        "The referral was forwarded to this party (SGB I §16(2)).",
        finding.the_new_owner,
    ),
    Rule(
        "address-to-open-case",
        MOVED,
        "A case is open at this carrier of benefits (SGB I §60).",
        finding.the_open_case,
    ),
    Rule(
        "address-to-place-moved-to",
        MOVED,
        "The client moved to this municipality.",
        finding.the_place_moved_to,
    ),
    Rule(
        "correction-to-holders",
        ("address-change.corrected",),
        "This party was sent what is corrected.",
        finding.holders_if_any,
    ),
    Rule(
        "withdrawal-to-holders",
        ("address-change.withdrawn",),
        "This party was sent what is withdrawn.",
        finding.the_holders,
    ),
    Rule(
        "block-to-holders",
        ("disclosure-block.set", "disclosure-block.lifted"),
        "This party was sent an address of the person (BMG §33(4)).",
        finding.holders_if_any,
    ),
    Rule(
        "block-to-jobcenter",
        ("disclosure-block.set", "disclosure-block.lifted"),
        "The jobcenter may hold the person's address from another source.",
        finding.the_jobcenter,
    ),
    Rule(
        "continuation-to-holders",
        ("handover.continued",),
        "This party has part in the hand-over (SGB X §2(3)).",
        finding.the_holders,
    ),
    Rule(
        "offer-to-jobcenter",
        ("support-offer.published",),
        "The jobcenter counsels clients from the whole district.",
        finding.the_jobcenter,
    ),
    Rule(
        "offer-to-served-municipality",
        ("support-offer.published",),
        "The offer serves this municipality.",
        finding.the_served,
    ),
    Rule(
        "offer-news-to-holders",
        ("support-offer.capacity-changed", "support-offer.withdrawn"),
        "This party was sent the offer.",
        finding.the_holders,
    ),
)
"""In order: a party found by several rules is sent one copy, by the first of them."""

HANDOVER: Final = Rule(
    "handover-to-open-case",
    MOVED,
    "The client left the district; this carrier pays until the new one continues (SGB X §2(3)).",
    finding.nobody,
)
"""Why the hub itself opens a hand-over; it delivers no copy."""
SAYS: Final[Mapping[str, str]] = {rule.id: rule.says for rule in (*RULES, HANDOVER)}
"""Each rule's reason in words."""
RULES_OF: Final[Mapping[str, tuple[Rule, ...]]] = {
    kind: tuple(rule for rule in RULES if kind in rule.types)
    for kind in dict.fromkeys(kind for rule in RULES for kind in rule.types)
}
NAMING: Final = frozenset({"referral.requested"})
"""The types whose sender may name the recipient."""


def route(event: Event[Data], case: Case, parties: Parties) -> dict[str, Rule]:
    """Each recipient with the rule that found it; raises Refusal if there is none to send to."""
    kind, sender = event.data.TYPE, event.context.party
    if event.context.recipient is not None and kind not in NAMING:
        detail = "This event type finds its recipients by rule; leave the recipient out."
        raise refusal(ProblemCode.RECIPIENT_NOT_PERMITTED, detail, "recipient")
    found: dict[str, Rule] = {}
    for rule in RULES_OF[kind]:
        for party in rule.find(event, case, parties):
            found.setdefault(party, rule)
    if kind in NAMING and set(found) == {sender}:
        raise refusal(ProblemCode.RECIPIENT_IS_SENDER, field="recipient")
    found.pop(sender, None)
    if not found:
        raise refusal(ProblemCode.NO_RECIPIENT)
    _check_permitted(found, event, parties)
    return found


def _check_permitted(found: Mapping[str, Rule], event: Event[Data], parties: Parties) -> None:
    for recipient in found:
        party = parties.by_id[recipient]
        if not party.may_receive(event.data.TYPE):
            detail = f"{recipient} may not receive {event.data.TYPE}."
            raise refusal(ProblemCode.RECIPIENT_NOT_PERMITTED, detail, "recipient")
        if not party.is_committed:
            raise refusal(ProblemCode.COMMITMENT_MISSING, field="recipient")
