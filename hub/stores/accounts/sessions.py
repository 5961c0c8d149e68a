"""The sessions, found by the digest of their id."""

from datetime import datetime

from sqlalchemy import Connection, Engine, insert, select, update

from connectors.sql.database import answering
from hub.access.record import Entry, What
from hub.access.sessions import Session
from hub.stores.accounts.noting import Noting
from hub.stores.accounts.rows import ACCOUNT, SESSION, session_of
from hub.stores.accounts.tables import accounts, sessions


class SqlSessions:
    """`hub.access.keeping.Sessions` in a database."""

    def __init__(self, engine: Engine, reader: Engine, noting: Noting) -> None:
        """Write through `engine`, look up through `reader`."""
        self._engine = engine
        self._reader = reader
        self._note = noting.note

    def get(self, digest: str) -> Session | None:
        """The session; those that are over are known for some days."""
        query = (
            select(*ACCOUNT, *SESSION)
            .join_from(sessions, accounts)
            .where(sessions.c.digest == digest, accounts.c.removed_at.is_(None))
        )
        with answering(), self._reader.begin() as connection:
            row = connection.execute(query).one_or_none()
        return None if row is None else session_of(row)

    def open(
        self, digest: str, session: Session, instead_of: str | None, what: What | None
    ) -> None:
        """Keep a new one, and record `what`; the one of this browser before it is over."""
        now, clerk = session.started_at, session.account.clerk.id
        row = {
            "digest": digest,
            "account": clerk,
            "started_at": now,
            "seen_at": session.seen_at,
            "id_token": session.id_token,
        }
        with answering(), self._engine.begin() as connection:
            if instead_of is not None:
                _end(connection, instead_of, now)
            connection.execute(insert(sessions), row)
            if what is not None:
                self._note(connection, Entry(now, what, clerk))

    def note(self, digest: str, now: datetime) -> None:
        """A request came that counts."""
        earlier = (sessions.c.digest == digest) & (sessions.c.seen_at < now)
        with answering(), self._engine.begin() as connection:
            connection.execute(update(sessions).where(earlier).values(seen_at=now))

    def end(self, digest: str, now: datetime) -> None:
        """Signed out, recorded; nothing happens if it is over already."""
        whose = select(sessions.c.account).where(sessions.c.digest == digest)
        with answering(), self._engine.begin() as connection:
            if _end(connection, digest, now):
                clerk = connection.execute(whose).scalar_one()
                self._note(connection, Entry(now, What.SIGNED_OUT, clerk))

    def end_others(self, clerk: str, digest: str, now: datetime) -> None:
        """End every other session of this clerk."""
        others = (sessions.c.account == clerk) & (sessions.c.digest != digest)
        open_ones = update(sessions).where(others, sessions.c.ended_at.is_(None))
        with answering(), self._engine.begin() as connection:
            connection.execute(open_ones.values(ended_at=now, id_token=None))


def _end(connection: Connection, digest: str, now: datetime) -> bool:
    this = (sessions.c.digest == digest) & sessions.c.ended_at.is_(None)
    ended = connection.execute(update(sessions).where(this).values(ended_at=now, id_token=None))
    return ended.rowcount > 0
