"""The answer to a sender and the line in the ledger: one of each for every record."""

from collections.abc import Sequence
from typing import Any

from hub.domain import emission, probing
from hub.domain.copies import KIND
from hub.domain.decision import Decision, Received
from hub.domain.emission import Cause
from hub.domain.meaning import NOTHING, Meaning
from hub.domain.parties import Parties
from hub.domain.recognition import DeliveryNote
from hub.domain.routing import HANDOVER
from hub.domain.trail import notices_of
from schemas.data import Data
from schemas.envelope import Context
from schemas.events.handover_opened import HandoverOpened
from schemas.events.ledger_recorded import LedgerRecorded
from schemas.events.receipt_delivered import Delivery, ReceiptDelivered
from schemas.events.receipt_refused import ReceiptRefused
from schemas.problems import Problem
from schemas.vocabulary import Verdict


def delivered(
    decision: Decision,
    received: Received,
    cause: Cause,
    context: Context,
    deliveries: tuple[Delivery, ...],
    parties: Parties,
    meaning: Meaning = NOTHING,
) -> None:
    """Add the receipt that says who got the event, and its ledger line."""
    repeated = decision.verdict is Verdict.REPEATED
    said = ReceiptDelivered(
        event_id=cause.id or "",
        event_type=cause.type or "",
        received_at=cause.at,
        deliveries=deliveries,
        repeated=repeated,
    )
    copies = [told for told in deliveries if told.rule != HANDOVER.id]
    _record(
        decision,
        received,
        cause,
        context,
        recipients=tuple(copy.to for copy in copies),
        rules=tuple(copy.rule for copy in copies),
        delivery_ids=() if repeated else tuple(copy.delivery_id for copy in copies),
        receipt_id=_answer(decision, cause, said, parties),
        notices=notices_of(meaning.notices),
        step=meaning.step,
    )


def refused(
    decision: Decision,
    received: Received,
    cause: Cause,
    context: Context | None,
    problems: Sequence[Problem],
    parties: Parties,
) -> None:
    """Add the receipt that says what was wrong, if the sender is known, and the ledger line.

    `context`: the event's, if it could be read.
    """
    decision.problems = problems
    said = ReceiptRefused(
        event_id=cause.id,
        event_type=cause.type,
        received_at=cause.at,
        problems=tuple(problems),
        repeated=decision.verdict is Verdict.REPEATED,
    )
    answer = _answer(decision, cause, said, parties)
    codes = tuple(problem.code for problem in problems)
    _record(decision, received, cause, context, problems=codes, receipt_id=answer)


def recalled(cause: Cause, notes: Sequence[DeliveryNote]) -> tuple[Delivery, ...]:
    """What was delivered because of an event that comes again."""
    return tuple(
        Delivery(to=to, rule=rule, delivery_id=_copy_id(cause, to, rule), left_out=left_out)
        for to, rule, left_out in notes
    )


def _copy_id(cause: Cause, to: str, rule: str) -> str:
    kind = HandoverOpened.TYPE if rule == HANDOVER.id else KIND
    return emission.derived_id(cause.name, to, kind)


def _answer(decision: Decision, cause: Cause, said: Data, parties: Parties) -> str | None:
    """Add the receipt; its id, or None where nobody is known to whom it could go."""
    to = probing.asker(cause) or _known(cause.sender, parties)
    if to is None:
        return None
    answer = emission.receipt_id(cause, said, to)
    decision.outputs.append(emission.receipt(cause, said, to, answer))
    return answer


def _known(sender: str | None, parties: Parties) -> str | None:
    return sender if sender is not None and parties.get(sender) is not None else None


def _record(
    decision: Decision,
    received: Received,
    cause: Cause,
    context: Context | None,
    **found: Any,  # noqa: ANN401 - checked by the line's own model
) -> None:
    if context is not None:
        found["sent_at"] = context.time
        found["correlationid"] = context.correlationid
        found["causationid"] = context.causationid
        found["sequence"] = context.sourcesequence
    line = LedgerRecorded(
        verdict=decision.verdict,
        event_id=cause.id,
        event_type=cause.type,
        source=cause.source,
        sender=cause.sender,
        topic=received.topic,
        partition=received.partition,
        offset=received.offset,
        received_at=cause.at,
        **found,
    )
    decision.outputs.append(emission.ledger_line(cause, line))
    decision.note = {
        "event_id": line.event_id,
        "event_type": line.event_type,
        "sender": line.sender,
        "recipients": line.recipients,
        "rules": line.rules,
        "problems": line.problems,
        "traceparent": cause.traceparent,
    }
