"""Takes the person out of what the inbox tables keep of a case; codes and times stay."""

from collections.abc import Collection

from sqlalchemy import Connection, delete, func, select, update

from connectors.backoffice.mapping import content, data_of
from connectors.backoffice.tables import faulty, inbox
from schemas.erasure import erased


def readable(connection: Connection, subject: str) -> int:
    """How many rows of this case still say something about a person, whoever's they are."""
    rows = connection.execute(select(inbox).where(inbox.c.subject == subject)).mappings()
    told = sum(erased(data := data_of(row)) != data for row in rows)
    unread = select(func.count()).where(faulty.c.record_key == subject.encode())
    return told + int(connection.execute(unread).scalar_one())


def erase(connection: Connection, party: str, cases: Collection[str]) -> None:
    """Erase what was delivered to the party on these cases, in the transaction of the caller."""
    these = select(inbox).where(inbox.c.party == party, inbox.c.subject.in_(cases))
    for row in connection.execute(these).mappings().all():
        left = erased(data := data_of(row))
        if left != data:
            one = (inbox.c.party == party) & (inbox.c.event_id == row["event_id"])
            connection.execute(update(inbox).where(one).values(data=content(left)))


def erase_unread(connection: Connection, party: str, cases: Collection[str]) -> None:
    """The bytes of records on these cases that could not be read go as a whole."""
    keyed = faulty.c.record_key.in_([case.encode() for case in cases])
    connection.execute(delete(faulty).where(faulty.c.party == party, keyed))
