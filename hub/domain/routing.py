"""THE table of routing rules: which event goes to whom, and why."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from hub.domain import finding, handover, lowering, probing, reminders, suggesting
from hub.domain.case import Case
from hub.domain.parties import Parties
from schemas.data import Data
from schemas.envelope import Event


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
    chosen_in: str | None = None
    """The field in which the sender chose; whoever was chosen is not passed over in silence."""


MOVED: Final = ("address-change.reported", "address-change.corrected")
CORRECTED: Final = "correction-to-holders"
RULES: Final = (
    Rule(
        "referral-to-named-recipient",
        ("referral.requested",),
        "The sender named the recipient.",
        finding.named,
        "recipient",
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
        "new_owner",
    ),
    Rule(
        "address-to-open-case",
        MOVED,
        "A case is open at this carrier of benefits (SGB I §60).",
        finding.the_open_case,
        "case_open_at",
    ),
    Rule(
        "address-to-place-moved-to",
        MOVED,
        "The client moved to this municipality.",
        finding.the_place_moved_to,
    ),
    Rule(
        CORRECTED,
        ("address-change.corrected",),
        "This party sent or was sent what is corrected.",
        finding.holders_if_any,
    ),
    Rule(
        "withdrawal-to-holders",
        ("address-change.withdrawn",),
        "This party sent or was sent what is withdrawn.",
        finding.the_holders,
    ),
    Rule(
        "block-to-holders",
        ("disclosure-block.set", "disclosure-block.lifted"),
        "This party sent or was sent an address of the person (BMG §33(4)).",
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
        "This carrier has part in the hand-over (SGB X §2(3)).",
        finding.the_carriers_told,
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
        "offer-to-holders",
        ("support-offer.published",),
        "This party was sent the offer as it was before.",
        finding.holders_if_any,
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
    "The client moved away; this carrier pays until the new one continues (SGB X §2(3)).",
    handover.the_carrier_left,
)
"""Why the hub itself opens a hand-over; it delivers no copy."""
SEEN: Final = Rule(
    "seen-to-sender",
    ("referral.opened",),
    "Somebody at the recipient has opened what this party sent.",
    finding.the_other_side,
)
"""Why the hub itself tells a sender so; it delivers no copy."""
PROBES: Final = (
    Rule(
        "probe-to-named-inbox",
        ("probe.sent",),
        "The hub's monitor looks whether this party's inbox is reached.",
        probing.named_by_monitor,
    ),
    Rule(
        "probe-to-own-inbox",
        ("probe.sent",),
        "The hub's monitor looks whether what this party sends comes through.",
        probing.itself,
    ),
)
"""Where probes go; a probe fits one of them."""
SAYS: Final[Mapping[str, str]] = {
    **{rule.id: rule.says for rule in (*RULES, HANDOVER, SEEN, *PROBES)},
    **reminders.SAYS,
    **suggesting.SAYS,
    **lowering.SAYS,
}
"""Each rule's reason in words, and why the hub itself speaks."""
RULES_OF: Final[Mapping[str, tuple[Rule, ...]]] = {
    kind: tuple(rule for rule in RULES if kind in rule.types)
    for kind in dict.fromkeys(kind for rule in RULES for kind in rule.types)
}
