"""The steps of a case, each with who took it and when, made of its lines."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Final, NamedTuple

from hub.trail.line import OFFER_SUGGESTED, REQUEST, Line
from hub.trail.way import ENDS
from schemas.vocabulary import ReferralStatus, Verdict

Stored = Mapping[str, datetime]
"""When each copy was kept at its recipient, by the copy's id, as far as that is known."""
NAMES: Final = {
    REQUEST: "sent",
    "referral.opened": "seen",
    "receipt.seen": "seen",
    "receipt.stored": "stored",
    "delivery.uncollected": "uncollected",
    "handover.continued": "continued",
    "referral.status-changed": "told",
    OFFER_SUGGESTED: "suggested",
}
"""The names of events among the steps; every other is called by its type."""


class Step(NamedTuple):
    """One step."""

    name: str
    """`sent`, `received`, `routed`, `delivered`, `stored`, a status, `outcome`, an event type."""
    party: str | None
    """Who took it, or to whom it came; None: the hub."""
    at: datetime
    how: str = ""
    """The rule, the codes."""
    event_id: str | None = None


def steps_of(line: Line, stored: Stored, *, transport: bool) -> Iterator[Step]:
    """The steps that a line tells of, with how the event travelled if `transport` is asked."""
    if line.verdict == Verdict.REFUSED:
        yield Step("refused", line.sender, line.received_at, line.problems, line.event_id)
        return
    if line.verdict == Verdict.REPEATED:
        yield Step("repeated", line.sender, line.received_at, "", line.event_id)
        return
    yield from _said(line, told="" if transport else _told(line))
    if transport and line.event_type is not None:
        yield from _travelled(line, stored)
    for notice in line.notices:
        name = NAMES.get(notice.event_type, notice.event_type)
        is_offer = notice.event_type == OFFER_SUGGESTED
        how = (line.offer_id if is_offer else notice.rule) or ""
        yield Step(name, notice.party, line.recorded_at, how, notice.event_id)


def _said(line: Line, told: str) -> Iterator[Step]:
    filed = line.first_received_at
    if filed is not None and filed < line.said_at:
        yield Step("filed", line.first_received_by, filed)
    if line.event_type is not None:
        name, how = _name(line)
        how = ", ".join(part for part in (how, told) if part)
        yield Step(name, line.sender, line.said_at, how, line.event_id)
    elif line.status is not None:
        yield Step(_name(line)[0], None, line.said_at, _name(line)[1])
    if line.appointment_at is not None:
        yield Step("appointment", line.owner or line.sender, line.appointment_at, "", line.event_id)


def _name(line: Line) -> tuple[str, str]:
    """The step's name, and what its codes say."""
    if line.status is not None:
        codes = ", ".join(code for code in (line.outcome, line.reason) if code)
        if line.status in ENDS:
            return "outcome", ", ".join(part for part in (line.status, codes) if part)
        if line.status == ReferralStatus.FORWARDED:
            return line.status, f"to {line.owner}" if line.owner else codes
        return line.status, codes
    asked = line.offer_id or line.service or ""
    return NAMES.get(line.event_type or "", line.event_type or ""), asked


def _told(line: Line) -> str:
    to = ", ".join(copy.party for copy in line.copies)
    return f"delivered to {to}" if to else ""


def _travelled(line: Line, stored: Stored) -> Iterator[Step]:
    yield Step("received", None, line.received_at, "", line.event_id)
    rules = dict.fromkeys(copy.rule for copy in line.copies if copy.rule)
    if rules:
        yield Step("routed", None, line.recorded_at, ", ".join(rules), line.event_id)
    for copy in line.copies:
        yield Step("delivered", copy.party, line.recorded_at, "", copy.event_id)
        if copy.event_id in stored:
            yield Step("stored", copy.party, stored[copy.event_id], "", copy.event_id)
