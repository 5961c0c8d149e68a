"""Erases what says something about a person from cases that have been over for long.

What a case was about goes from `inbox`, `outbox` and `faulty`; codes and times stay, so that the
figures stay. An open case is never touched, however old, nor is what waits to be sent.
"""

from collections.abc import Collection
from contextlib import closing
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, Engine, delete, exists, select, tuple_, update

from connectors.backoffice.erasing import erase
from connectors.backoffice.tables import faulty
from connectors.sql.database import answering, open_database
from hub.casework.progress import Here
from hub.stores.casework import said
from hub.stores.casework.happenings import place_of
from hub.stores.casework.tables import acts, case_files, outbox
from hub.stores.casework.unit import changing
from schemas.erasure import erased

AT_A_TIME: Final = 200
"""How many cases are erased in one transaction."""
RECORD_KEPT: Final = timedelta(days=400)
"""How long it stays recorded what clerks did: as long as the ledger's lines."""
_IS_WAITING: Final = exists().where(
    outbox.c.aggregateid == case_files.c.case_id,
    outbox.c.published_at.is_(None),
    outbox.c.refused_at.is_(None),
)


class Eraser:
    """Keeps one party's desk free of what nobody needs any more."""

    def __init__(self, url: str, here: Here, after: timedelta) -> None:
        """Erase in the database at `url` what has been over for so long."""
        self._engine: Engine = open_database(url)
        self._here = here
        self._after = after

    def step(self, now: datetime) -> int:
        """Erase all that is due; of how many cases. Raises Later when the database is away."""
        count = 0
        with answering():
            while cases := self._erase_some(now):
                count += cases
            with self._engine.begin() as connection:
                connection.execute(delete(acts).where(acts.c.at < now - RECORD_KEPT))
            if count and self._engine.dialect.name == "sqlite":  # its log repeats what was there
                with closing(self._engine.raw_connection()) as raw:
                    raw.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return count

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()

    def _erase_some(self, now: datetime) -> int:
        with (
            self._engine.begin() as connection,
            changing(connection, self._here.party, now),
        ):
            before = now - self._after
            cases = _due(connection, before)
            if cases:
                erase_cases(connection, self._here.party, cases)
        return len(cases)


def readable(connection: Connection, case: str) -> int:
    """How many events said of this case from here still say something about a person."""
    rows = connection.execute(select(outbox).where(outbox.c.aggregateid == case)).mappings()
    return sum(erased(data := said.data_of(row)) != data for row in rows)


def _due(connection: Connection, before: datetime) -> Collection[str]:
    of = case_files.c
    is_due = (of.is_over, ~of.is_erased, of.changed_at < before, ~_IS_WAITING)
    query = select(of.case_id).where(*is_due).order_by(of.case_id).limit(AT_A_TIME)
    return connection.execute(query).scalars().all()


def erase_cases(connection: Connection, party: str, cases: Collection[str]) -> None:
    """Take the person out of all that is kept of these cases here, in the caller's transaction."""
    erase(connection, party, cases)
    _erase_sent(connection, cases)
    _erase_unread(connection, party, cases)
    done = update(case_files).where(case_files.c.case_id.in_(cases))
    connection.execute(done.values(is_erased=True))


def _erase_sent(connection: Connection, cases: Collection[str]) -> None:
    these = select(outbox).where(outbox.c.aggregateid.in_(cases))
    for row in connection.execute(these).mappings().all():
        left = erased(data := said.data_of(row))
        if left != data:
            one = update(outbox).where(outbox.c.id == row["id"])
            connection.execute(one.values(payload=said.content(left)))


def _erase_unread(connection: Connection, party: str, cases: Collection[str]) -> None:
    """Records that could not be read go as a whole: nobody knows what stands where in them."""
    place = tuple_(faulty.c.topic, faulty.c.topic_partition, faulty.c.topic_offset)
    query = select(faulty.c.topic, faulty.c.topic_partition, faulty.c.topic_offset)
    kept = connection.execute(query.where(faulty.c.party == party)).mappings().all()
    gone = [tuple(row.values()) for row in kept if place_of(row) in cases]
    if gone:
        connection.execute(delete(faulty).where(faulty.c.party == party, place.in_(gone)))
