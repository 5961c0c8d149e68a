"""On which terms a case was begun, and which event of it others follow."""

from typing import NamedTuple

from sqlalchemy import Connection, select

from connectors.backoffice.tables import inbox
from hub.casework.desk import Terms
from hub.casework.speaking import Because
from hub.stores.casework.tables import outbox
from schemas.events.referral_requested import ReferralRequested
from schemas.vocabulary import LegalBasis, Purpose


class Reasons(NamedTuple):
    """Why something may be said on a case, and what it belongs to."""

    terms: Terms | None
    """None: nothing that was delivered or said here tells."""
    because: Because


def of_case(connection: Connection, party: str, case: str) -> Reasons:
    """Of the newest request; of the newest delivery where none is here; else of what began here."""
    is_request = (inbox.c.type == ReferralRequested.TYPE).desc()
    delivered = (
        select(inbox)
        .where(inbox.c.party == party, inbox.c.subject == case)
        .order_by(is_request, inbox.c.topic_offset.desc())
    )
    row = connection.execute(delivered.limit(1)).mappings().one_or_none()
    if row is not None:
        terms = Terms(Purpose(row["purpose"]), LegalBasis(row["legal_basis"]))
        correlation = row["correlation_id"] or row["causation_id"]
        return Reasons(terms, Because(correlation, row["causation_id"], row["traceparent"]))
    begun = select(outbox).where(outbox.c.aggregateid == case).order_by(outbox.c.number)
    row = connection.execute(begun.limit(1)).mappings().one_or_none()
    if row is None:
        return Reasons(None, Because())
    terms = Terms(Purpose(row["purpose"]), LegalBasis(row["legalbasis"]), row["recipient"])
    return Reasons(terms, Because(row["id"], row["id"], row["traceparent"]))
