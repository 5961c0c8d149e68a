"""What was said from a desk: the rows of its outbox."""

import re
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Final, NamedTuple

from pydantic_core import from_json
from sqlalchemy import Connection, RowMapping, func, insert, select

from hub.casework.case_file import CaseFile, Sending
from hub.casework.happenings import Spoken
from hub.casework.speaking import SYSTEM
from hub.stores.casework.tables import outbox
from schemas.data import Data
from schemas.envelope import Event
from schemas.events import BY_WIRE_TYPE
from schemas.events.referral_opened import ReferralOpened

AT_A_TIME: Final = 500
_UUID: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def put(
    connection: Connection, event: Event[Data], *, published_at: datetime | None = None
) -> None:
    """Put the event into the outbox; it leaves when the transaction has ended.

    `published_at`: it has left already, another way.
    """
    context = event.context
    row = {
        "id": context.id,
        "aggregatetype": event.data.TYPE.partition(".")[0],
        "aggregateid": context.subject,
        "type": context.type,
        "payload": content(event.data),
        "source": context.source,
        "time": context.time,
        "purpose": context.purpose.value,
        "legalbasis": context.legalbasis.value,
        "dataclassification": context.dataclassification.value,
        "correlationid": context.correlationid,
        "causationid": context.causationid,
        "recipient": context.recipient,
        "traceparent": context.traceparent,
        "published_at": published_at,
    }
    connection.execute(insert(outbox).values(row))


def content(data: Data) -> Any:  # noqa: ANN401 - any JSON value
    """The data as they are kept; a NUL, which PostgreSQL has no room for, is a blank."""
    return _storable(data.model_dump(mode="json", exclude_none=True))


def found(connection: Connection, event_id: str) -> RowMapping | None:
    """The row of an event; None if it was not said from here."""
    query = select(outbox).where(outbox.c.id == event_id)
    return connection.execute(query).mappings().one_or_none()


def spoken(connection: Connection, about: Collection[str | None]) -> dict[str, Spoken]:
    """Those of these events that were said from here, each by its id."""
    is_keyed_by_uuid = connection.dialect.name == "postgresql"
    ids = sorted({one for one in about if one and (_UUID.fullmatch(one) or not is_keyed_by_uuid)})
    told: dict[str, Spoken] = {}
    for first in range(0, len(ids), AT_A_TIME):
        query = select(outbox).where(outbox.c.id.in_(ids[first : first + AT_A_TIME]))
        for row in connection.execute(query).mappings():
            told[row["id"]] = Spoken(row["time"], row["id"], data_of(row))
    return told


def data_of(row: RowMapping) -> Data:
    """What was said."""
    return BY_WIRE_TYPE[row["type"]].model_validate(row["payload"])


def at(row: RowMapping) -> datetime:
    """When it was said here; what another system said, by another clock: when the hub had it."""
    is_ours = row["source"].endswith(f"/{SYSTEM}")
    found: datetime = row["time"] if is_ours else row["published_at"] or row["time"]
    return found


class Way(NamedTuple):
    """How far an event has come on its way to the hub."""

    sending: Sending
    problem: str | None = None


def way(row: RowMapping) -> Way:
    """How far the event of this row has come before the hub has answered.

    What its own door refuses is a fault of ours; nobody would hear of it otherwise.
    """
    if row["refused_at"] is not None:
        return Way(Sending.REFUSED, from_json(row["problems"])[0]["code"])
    return Way(Sending.BEING_SENT if row["published_at"] is None else Sending.SENT)


def on_their_way(connection: Connection, files: Sequence[CaseFile]) -> list[CaseFile]:
    """The files, each with how far what was said on it has come."""
    sent = {file.case for file in files if file.sending is Sending.BEING_SENT}
    if not sent:
        return [*files]
    newest = select(outbox.c.aggregateid, func.max(outbox.c.number).label("number"))
    by_clerks = outbox.c.type != ReferralOpened.wire_type()
    these = newest.where(outbox.c.aggregateid.in_(sent), by_clerks)
    last = these.group_by(outbox.c.aggregateid).subquery()
    query = select(outbox).join(last, outbox.c.number == last.c.number)
    ways = {row["aggregateid"]: way(row) for row in connection.execute(query).mappings()}
    return [_shown(file, ways.get(file.case)) for file in files]


def _shown(file: CaseFile, found: Way | None) -> CaseFile:
    if found is None or file.sending is not Sending.BEING_SENT:
        return file
    return replace(file, sending=found.sending, problem=found.problem or file.problem)


def _storable(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    if isinstance(value, str):
        return value.replace("\0", " ")
    if isinstance(value, list):
        return [_storable(one) for one in value]
    if isinstance(value, dict):
        return {name: _storable(one) for name, one in value.items()}
    return value
