"""What happened on a case, from first to last: what came, what was said, what clerks did."""

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from sqlalchemy import ColumnElement, Connection, RowMapping, Table, select

from connectors.backoffice.mapping import data_of
from connectors.backoffice.tables import inbox, receipts
from hub.casework.case_file import Sending
from hub.casework.desk import Moment
from hub.domain.referral import HUB
from hub.domain.transitions import Step
from hub.stores.casework import said
from hub.stores.casework.tables import acts, outbox
from hub.trail.line import kind
from schemas.data import Data
from schemas.envelope import party_of
from schemas.events.receipt_delivered import ReceiptDelivered
from schemas.events.receipt_refused import ReceiptRefused
from schemas.events.receipt_seen import ReceiptSeen
from schemas.events.referral_opened import ReferralOpened
from schemas.events.referral_status_changed import ReferralStatusChanged
from schemas.topics import HUB_EVENTS

Details = dict[str, str]
_SENDING: Final[dict[type[Data], Sending]] = {
    ReceiptDelivered: Sending.CONFIRMED,
    ReceiptRefused: Sending.REFUSED,
}


class Answer(NamedTuple):
    """A receipt."""

    row: RowMapping
    data: Data


def history(connection: Connection, party: str, case: str) -> list[Moment]:
    """Every moment of the case, oldest first; codes and ids, nothing of its content."""
    of_case = (receipts.c.party == party) & (receipts.c.subject == case)
    answers = _answers(connection, of_case)
    did = _rows(connection, acts, acts.c.case_id == case)
    clerks = {row["event_id"]: row["clerk"] for row in did if row["event_id"]}
    came = _rows(connection, inbox, (inbox.c.party == party) & (inbox.c.subject == case))
    by_clerks = outbox.c.type != ReferralOpened.wire_type()
    sent = _rows(connection, outbox, (outbox.c.aggregateid == case) & by_clerks)
    moments = [
        *(_delivered(row) for row in came),
        *(_said(row, clerks.get(row["id"], party), answers) for row in sent),
        *(_answered(answer) for answer in answers),
        *(Moment(row["at"], row["what"], row["clerk"]) for row in did if not row["event_id"]),
    ]
    return sorted(moments, key=lambda moment: moment.at)


def _answers(connection: Connection, of_case: ColumnElement[bool]) -> list[Answer]:
    """The receipts, without those for what nobody said: that the case was opened."""
    found = (Answer(row, data_of(row)) for row in _rows(connection, receipts, of_case))
    return [
        answer
        for answer in found
        if getattr(answer.data, "event_type", None) != ReferralOpened.wire_type()
    ]


def _rows(
    connection: Connection, table: Table, condition: ColumnElement[bool]
) -> Sequence[RowMapping]:
    order = table.c.topic_offset if "topic_offset" in table.c else table.c.number
    return connection.execute(select(table).where(condition).order_by(order)).mappings().all()


def _delivered(row: RowMapping) -> Moment:
    data = data_of(row)
    is_hubs = row["sender"] is None or data.TYPE in HUB_EVENTS
    details = _of_step(data) | {"event": row["causation_id"] or row["event_id"]}
    if row["rule"]:
        details["rule"] = row["rule"]
    by = HUB if is_hubs else party_of(row["sender"])
    at = row["recorded_at"] or row["time"]
    return Moment(at, data.TYPE, by, _step(data), details)


def _said(row: RowMapping, clerk: str, answers: Sequence[Answer]) -> Moment:
    data = said.data_of(row)
    found = said.way(row)
    sending, problem = found.sending, found.problem
    for answer in answers:
        if answer.row["about_id"] == row["id"]:
            sending = _SENDING.get(type(answer.data), sending)
    details = _of_step(data) | {"event": row["id"]}
    if problem:
        details["problems"] = problem
    return Moment(said.at(row), data.TYPE, clerk, _step(data), details, sending)


def _answered(answer: Answer) -> Moment:
    data = answer.data
    match data:
        case ReceiptDelivered():
            details = {
                "event": data.event_id,
                "about": kind(data.event_type) or "",
                "recipients": " ".join(delivery.to for delivery in data.deliveries),
            }
            if rules := " ".join(dict.fromkeys(delivery.rule for delivery in data.deliveries)):
                details["rule"] = rules
            return Moment(data.received_at, data.TYPE, HUB, details=details)
        case ReceiptRefused():
            details = {"problems": " ".join(problem.code for problem in data.problems)}
            if data.event_id:
                details["event"] = data.event_id
            if data.event_type:
                details["about"] = kind(data.event_type) or ""
            return Moment(data.received_at, data.TYPE, HUB, details=details)
        case ReceiptSeen():
            return Moment(data.seen_at, data.TYPE, data.seen_by, details={"event": data.event_id})
    raise TypeError(data.TYPE)


def _step(data: Data) -> Step | None:
    return data.status if isinstance(data, ReferralStatusChanged) else None


def _of_step(data: Data) -> Details:
    return dict(_codes(data)) if isinstance(data, ReferralStatusChanged) else {}


def _codes(data: ReferralStatusChanged) -> Iterator[tuple[str, str]]:
    if data.reason:
        yield "reason", data.reason.value
    if data.outcome:
        yield "outcome", data.outcome.value
    if data.new_owner:
        yield "new_owner", data.new_owner
    if data.appointment:
        yield "appointment_at", data.appointment.at.isoformat()
        yield "appointment_place", data.appointment.place.value
