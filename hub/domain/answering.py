"""The answer to a sender and the line in the ledger: one of each for every record."""

from collections.abc import Sequence

from hub.domain import emission
from hub.domain.decision import Decision, Received
from hub.domain.emission import Cause
from hub.domain.parties import Parties
from hub.domain.recognition import DeliveryNote
from schemas.events.ledger_recorded import LedgerRecorded
from schemas.events.receipt_delivered import Delivery, ReceiptDelivered
from schemas.events.receipt_refused import ReceiptRefused
from schemas.problems import Problem, ProblemCode
from schemas.vocabulary import Verdict


def delivered(
    decision: Decision,
    received: Received,
    cause: Cause,
    notes: Sequence[DeliveryNote],
    parties: Parties,
) -> None:
    """Add the receipt that says who got the event, and its ledger line."""
    repeated = decision.verdict is Verdict.REPEATED
    if cause.sender is not None and cause.id is not None and parties.get(cause.sender):
        said = ReceiptDelivered(
            event_id=cause.id,
            event_type=cause.type or "",
            received_at=cause.at,
            deliveries=tuple(_delivery(cause, note) for note in notes),
            repeated=repeated,
        )
        decision.outputs.append(emission.receipt(cause, said, cause.sender))
    recipients = tuple(to for to, _, _ in notes)
    rules = tuple(rule for _, rule, _ in notes)
    _record(decision, received, cause, recipients=recipients, rules=rules)


def refused(
    decision: Decision,
    received: Received,
    cause: Cause,
    problems: Sequence[Problem],
    parties: Parties,
) -> None:
    """Add the receipt that says what was wrong, if the sender is known, and the ledger line."""
    decision.problems = problems
    repeated = decision.verdict is Verdict.REPEATED
    if cause.sender is not None and parties.get(cause.sender):
        said = ReceiptRefused(
            event_id=cause.id,
            event_type=cause.type,
            received_at=cause.at,
            problems=tuple(problems),
            repeated=repeated,
        )
        decision.outputs.append(emission.receipt(cause, said, cause.sender))
    _record(decision, received, cause, problems=tuple(p.code for p in problems))


def _delivery(cause: Cause, note: DeliveryNote) -> Delivery:
    to, rule, left_out = note
    copy = emission.derived_id(cause.name, to, "delivery")
    return Delivery(to=to, rule=rule, delivery_id=copy, left_out=left_out)


def _record(
    decision: Decision,
    received: Received,
    cause: Cause,
    *,
    recipients: tuple[str, ...] = (),
    rules: tuple[str, ...] = (),
    problems: tuple[ProblemCode, ...] = (),
) -> None:
    line = LedgerRecorded(
        verdict=decision.verdict,
        event_id=cause.id,
        event_type=cause.type,
        sender=cause.sender,
        recipients=recipients,
        rules=rules,
        problems=problems,
        topic=received.topic,
        partition=received.partition,
        offset=received.offset,
        received_at=cause.at,
    )
    decision.outputs.append(emission.ledger_line(cause, line))
    decision.note = {
        "event_id": cause.id,
        "event_type": cause.type,
        "sender": cause.sender,
        "recipients": recipients,
        "rules": rules,
        "problems": problems,
    }
