"""Records what clerks do; a record is never changed."""

from datetime import datetime

from sqlalchemy import Connection, insert

from hub.stores.casework.tables import acts


def record(
    connection: Connection,
    at: datetime,
    case: str,
    clerk: str,
    what: str,
    event_id: str | None = None,
) -> None:
    """A clerk did this with a case; `event_id`: what was said by it."""
    act = {"case_id": case, "at": at, "clerk": clerk, "what": what, "event_id": event_id}
    connection.execute(insert(acts).values(act))
