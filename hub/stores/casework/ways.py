"""The ways of a party's referrals, from what it was sent and what it said, as lines of a ledger.

A desk has no ledger. But what was delivered to it, and what was said from it and confirmed, tells
the same of its own referrals: so its figures are counted by the code of `hub report`.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Column, Connection, RowMapping, String, and_, cast, func, select

from connectors.backoffice.tables import inbox, receipts
from hub.stores.casework.tables import outbox
from hub.trail.line import REQUEST, Line, kind
from schemas.envelope import party_of
from schemas.events.receipt_delivered import ReceiptDelivered
from schemas.events.receipt_refused import ReceiptRefused
from schemas.events.referral_status_changed import ReferralStatusChanged
from schemas.vocabulary import ReferralStatus, Verdict

KINDS: Final = (REQUEST, ReferralStatusChanged.TYPE)


def referrals(
    connection: Connection, party: str, first: datetime, until: datetime
) -> Iterator[Line]:
    """The lines of every case with a referral sent in this time, case by case, in order."""
    cases: defaultdict[str, list[tuple[int, Line]]] = defaultdict(list)
    for place, line in (*_delivered(connection, party), *_confirmed(connection, party)):
        cases[line.subject].append((place, line))
    for found in cases.values():
        lines = [line for _, line in sorted(found, key=lambda one: one[0])]
        if any(line.event_type == REQUEST and first <= line.said_at < until for line in lines):
            yield from lines


def refused(connection: Connection, party: str, first: datetime, until: datetime) -> Iterator[Line]:
    """The lines of what the hub refused of this party in this time."""
    query = select(receipts.c.subject, receipts.c.time, receipts.c.data).where(
        receipts.c.party == party,
        receipts.c.type == ReceiptRefused.TYPE,
        receipts.c.time >= first,
        receipts.c.time < until,
    )
    for row in connection.execute(query).mappings():
        codes = " ".join(problem["code"] for problem in row["data"]["problems"])
        line = _blank(row["subject"], row["time"])
        yield line._replace(verdict=Verdict.REFUSED.value, sender=party, problems=codes)


def forwarded(connection: Connection, party: str, first: datetime, until: datetime) -> int:
    """How many referrals this party has forwarded in this time, as the hub has confirmed."""
    said, of = outbox.c, receipts.c
    query = (
        select(func.count(said.aggregateid.distinct()))
        .select_from(outbox.join(receipts, cast(said.id, String) == of.about_id))
        .where(
            of.party == party,
            of.type == ReceiptDelivered.TYPE,
            said.type == ReferralStatusChanged.wire_type(),
            said.payload["status"].as_string() == ReferralStatus.FORWARDED.value,
            said.time >= first,
            said.time < until,
        )
    )
    return connection.execute(query).scalar_one()


def _delivered(connection: Connection, party: str) -> Iterator[tuple[int, Line]]:
    """What others said."""
    of = inbox.c
    query = select(
        of.subject, of.topic_offset, of.type, of.sender, of.time, of.recorded_at, *_codes(of.data)
    ).where(of.party == party, of.type.in_(KINDS))
    for row in connection.execute(query).mappings():
        sender = party_of(row["sender"]) if row["sender"] else None
        received_at = row["recorded_at"] or row["time"]
        line = _line(row, row["type"], sender, row["time"], received_at)
        yield row["topic_offset"], line if line.owner else line._replace(owner=party)


def _confirmed(connection: Connection, party: str) -> Iterator[tuple[int, Line]]:
    """What this party said and the hub delivered, in the order in which it did.

    Of what another system of the party said only the request is known.
    """
    of, data = receipts.c, receipts.c.data
    said = receipts.outerjoin(outbox, cast(outbox.c.id, String) == of.about_id)
    query = (
        select(
            of.subject,
            of.topic_offset,
            of.time,
            outbox.c.time.label("said_at"),
            data["event_type"].as_string().label("kind"),
            data[("deliveries", 0, "to")].as_string().label("to"),
            *_codes(outbox.c.payload),
        )
        .select_from(said)
        .where(and_(of.party == party, of.type == ReceiptDelivered.TYPE))
    )
    for row in connection.execute(query).mappings():
        about = kind(row["kind"])
        if about == REQUEST or (about in KINDS and row["said_at"] is not None):
            said_at = row["said_at"] or row["time"]
            line = _line(row, about, party, said_at, row["time"])
            asked = row["to"] if about == REQUEST else line.owner
            yield row["topic_offset"], line._replace(owner=asked)


def _codes(data: Column[Any]) -> Sequence[Any]:
    """What a line tells of a request or a step; nothing of the person."""
    return [
        data["service"].as_string().label("service"),
        data["offer_id"].as_string().label("offer_id"),
        data["status"].as_string().label("status"),
        data["reason"].as_string().label("reason"),
        data["outcome"].as_string().label("outcome"),
        data["new_owner"].as_string().label("new_owner"),
        data[("appointment", "at")].as_string().label("appointment_at"),
    ]


def _line(
    row: RowMapping, about: str | None, sender: str | None, said_at: datetime, received_at: datetime
) -> Line:
    appointment = row["appointment_at"]
    return _blank(row["subject"], received_at)._replace(
        event_type=about,
        sender=sender,
        sent_at=said_at,
        service=row["service"],
        offer_id=row["offer_id"],
        status=row["status"],
        reason=row["reason"],
        outcome=row["outcome"],
        owner=row["new_owner"],
        appointment_at=None if appointment is None else datetime.fromisoformat(appointment),
    )


def _blank(subject: str, received_at: datetime) -> Line:
    """A line that tells nothing yet."""
    unknown = dict.fromkeys(Line._fields)
    known = {
        "subject": subject,
        "verdict": Verdict.ROUTED.value,
        "recorded_at": received_at,
        "received_at": received_at,
        "problems": "",
        "written": (),
    }
    return Line(**{**unknown, **known})  # type: ignore[arg-type]
