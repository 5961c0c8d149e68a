"""The audit in a database: `hub.audit.keeping.Audit`, answered by SQL."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, Final

import structlog
from sqlalchemy import Connection, Select, insert, select, text

from connectors.errors import Later
from connectors.sql.database import answering, open_database
from hub.audit.act import Act, unfit
from hub.audit.chain import BEGINNING, Head, Row, linked
from hub.audit.keeping import NotAudited, Wanted
from hub.stores.audit.tables import audit
from hub.stores.offers.reading import open_for_reading

ONE_AT_A_TIME: Final = 6432_0065
"""PostgreSQL's advisory lock of who adds a row; SQLite locks the whole file by itself."""
AT_A_TIME: Final = 2000
"""How many rows are fetched at once."""
log = structlog.get_logger()


class SqlAudit:
    """One chain, however many threads and processes write it; each waits for the one before."""

    def __init__(self, url: str, now: Callable[[], datetime]) -> None:
        """Use the database at `url`, whose tables are there; `now` dates the rows."""
        self._writing = open_database(url)
        self._reading = open_for_reading(url)
        self._now = now

    def record(self, *acts: Act) -> None:
        """Write acts down, all or none; raises NotAudited, and ValueError for one that is unfit.

        The head is told in the log each time, so that it stands elsewhere as well.
        """
        for act in acts:
            if part := unfit(act):
                raise ValueError(f"{part} is too long for the audit, or cannot be printed")
        try:
            with answering(), self._writing.begin() as connection:
                rows = self._add(connection, acts)
        except Later as away:
            raise NotAudited(away.retry_after_s, away.why) from away
        for row in rows:
            log.info("audited", did=row.did, head=str(row.head))

    def latest(self, wanted: Wanted, most: int, before: int | None = None) -> Sequence[Row]:
        """So many of the rows asked for, the newest first; `before`: older than this number."""
        query = _chosen(wanted).order_by(audit.c.number.desc()).limit(most)
        if before is not None:
            query = query.where(audit.c.number < before)
        with answering(), self._reading.begin() as connection:
            return [Row(*row) for row in connection.execute(query)]

    def head(self) -> Head:
        """The newest row; BEGINNING where there is none."""
        with answering(), self._reading.begin() as connection:
            return _head(connection)

    @contextmanager
    def all(self) -> Iterator[Iterator[Row]]:
        """Every row, oldest first, as the audit was at one moment; raises Later."""
        query = select(audit).order_by(audit.c.number)
        with answering(), self._reading.begin() as connection:
            streamed = connection.execution_options(yield_per=AT_A_TIME)
            with streamed.execute(query) as found:
                yield (Row(*row) for row in found)

    def close(self) -> None:
        """Let go of the database."""
        self._writing.dispose()
        self._reading.dispose()

    def _add(self, connection: Connection, acts: Sequence[Act]) -> Sequence[Row]:
        if connection.dialect.name == "postgresql":
            lock = text("SELECT pg_advisory_xact_lock(:key)")
            connection.execute(lock, {"key": ONE_AT_A_TIME})
        head, rows = _head(connection), list[Row]()
        for act in acts:
            at = self._now().astimezone(UTC).isoformat(timespec="microseconds")
            rows.append(linked(act, at, head))
            head = rows[-1].head
        if rows:
            connection.execute(insert(audit), [row._asdict() for row in rows])
        return rows


def _head(connection: Connection) -> Head:
    query = select(audit.c.number, audit.c.hash).order_by(audit.c.number.desc()).limit(1)
    row = connection.execute(query).one_or_none()
    return BEGINNING if row is None else Head(*row)


def _chosen(wanted: Wanted) -> Select[Any]:
    query = select(audit)
    for name in ("who", "did", "about", "party"):
        if said := getattr(wanted, name):
            query = query.where(audit.c[name] == said)
    if wanted.since:
        query = query.where(audit.c.at >= wanted.since)
    if wanted.until:
        query = query.where(audit.c.at < wanted.until)
    return query
