"""When copies were kept at their recipients, as far as their inbox tables can be read here."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, select, tuple_

from connectors.backoffice.tables import inbox
from hub.trail.line import Line


def stored(connection: Connection, lines: Iterable[Line]) -> dict[str, datetime]:
    """When each copy of these lines was kept in the inbox tables, by its id."""
    copies = {(copy.party, copy.event_id) for line in lines for copy in line.copies}
    if not copies:
        return {}
    key = tuple_(inbox.c.party, inbox.c.event_id)
    query = select(inbox.c.event_id, inbox.c.received_at).where(key.in_(sorted(copies)))
    return {row.event_id: row.received_at for row in connection.execute(query)}
