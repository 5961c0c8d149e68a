"""The keys of subjects in SQL: made once, found by many, destroyed for good."""

import secrets
import threading
from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import datetime
from typing import Final, NamedTuple

from sqlalchemy import Connection, RowMapping, bindparam, select, update

from connectors.sql.database import answering, insert_or_ignore, open_database
from connectors.sql.scrubbing import scrub
from hub.stores.offers.reading import open_for_reading
from hub.stores.vault.tables import keys
from hub.stores.vault.upgrade import upgrade
from hub.vault.master import Master
from schemas.encryption import KEY_BYTES

AT_A_TIME: Final = 500
"""How many subjects one query names."""
AWAY: Final = "the vault did not answer"
REFUSED: Final = "The vault refuses what is to be written"
_UPGRADING: Final = threading.Lock()


class Held(NamedTuple):
    """What the vault knows of a subject, its key apart."""

    made_at: datetime
    destroyed_at: datetime | None
    destroyed_by: str | None
    reason: str | None
    told_at: datetime | None
    """When every recipient had been told."""


class SqlKeys:
    """One vault; any number of threads and processes may ask. Every call raises Later."""

    def __init__(self, url: str, master: Master, now: Callable[[], datetime]) -> None:
        """The tables are made at the first call; `now` dates the rows."""
        self._url = url
        self._master = master
        self._now = now
        self._writing = open_database(url)
        self._reading = open_for_reading(url)
        self._is_ready = False

    @property
    def is_near(self) -> bool:
        """Whether the tables lie in a file here: who reads there waits for no writer."""
        return self._is_ready and self._reading.dialect.name == "sqlite"

    def find(self, subjects: Collection[str]) -> dict[str, bytes | None]:
        """Their keys; None where one was destroyed; left out where there never was one."""
        self._ready()
        with answering(AWAY, REFUSED), self._reading.begin() as connection:
            return dict(self._found(connection, subjects))

    def make(self, subjects: Collection[str]) -> dict[str, bytes | None]:
        """Their keys, made where there were none: of two that make one, one counts."""
        found = self.find(subjects)
        if missing := sorted({one for one in subjects if one not in found}):
            made_at = self._now()
            rows = [self._row(one, made_at) for one in missing]
            with answering(AWAY, REFUSED), self._writing.begin() as connection:
                connection.execute(insert_or_ignore(connection, keys), rows)
                found |= dict(self._found(connection, missing))
        return found

    def held(self, subject: str) -> Held | None:
        """What is known of the subject; None if there never was a key."""
        self._ready()
        columns = [keys.c[name] for name in Held._fields]
        with answering(AWAY, REFUSED), self._reading.begin() as connection:
            row = connection.execute(
                select(*columns).where(keys.c.subject == subject)
            ).one_or_none()
        return None if row is None else Held(*row)

    def destroy(self, subject: str, by: str, reason: str) -> None:
        """Destroy the key and what is left of it in the database's own files; again is nothing.

        A subject that never had a key has none from now on.
        """
        self._ready()
        now = self._now()
        gone = {"wrapped": None, "wrapped_by": None}
        said = {"destroyed_at": now, "destroyed_by": by, "reason": reason}
        standing = (keys.c.subject == subject, keys.c.destroyed_at.is_(None))
        with answering(AWAY, REFUSED), self._writing.begin() as connection:
            row = {"subject": subject, "made_at": now}
            connection.execute(insert_or_ignore(connection, keys).values(row))
            connection.execute(update(keys).where(*standing).values(**gone, **said))
        self._scrub()

    def told(self, subject: str) -> None:
        """Every recipient was told that the key was destroyed."""
        with answering(AWAY, REFUSED), self._writing.begin() as connection:
            this = update(keys).where(keys.c.subject == subject)
            connection.execute(this.values(told_at=self._now()))

    def rewrap(self) -> int:
        """Wrap by the first master key what another has wrapped, and say how many.

        What was wrapped before stands nowhere in the database any more, not even in its files.
        """
        self._ready()
        old = keys.c.wrapped.is_not(None) & (keys.c.wrapped_by != self._master.name)
        this = update(keys).where(keys.c.subject == bindparam("this"))
        this = this.values(wrapped=bindparam("now"), wrapped_by=self._master.name)
        with answering(AWAY, REFUSED), self._writing.begin() as connection:
            rows = connection.execute(select(keys).where(old).with_for_update()).mappings()
            again = [self._wrapped_again(row) for row in rows]
            if again:
                connection.execute(this, again)
        self._scrub()
        return len(again)

    def wrapped_by(self) -> frozenset[str]:
        """The names of the master keys that have wrapped what is there."""
        self._ready()
        query = select(keys.c.wrapped_by).where(keys.c.wrapped_by.is_not(None)).distinct()
        with answering(AWAY, REFUSED), self._reading.begin() as connection:
            return frozenset(connection.execute(query).scalars())

    def close(self) -> None:
        """Let go of the database."""
        self._writing.dispose()
        self._reading.dispose()

    def _ready(self) -> None:
        if not self._is_ready:
            with _UPGRADING:
                upgrade(self._url)
            self._is_ready = True

    def _found(
        self, connection: Connection, subjects: Collection[str]
    ) -> Iterator[tuple[str, bytes | None]]:
        for some in _parts(sorted(subjects)):
            query = select(keys.c.subject, keys.c.wrapped, keys.c.wrapped_by)
            for subject, wrapped, by in connection.execute(query.where(keys.c.subject.in_(some))):
                key = None if wrapped is None else self._master.unwrap(wrapped, by, subject)
                yield subject, key

    def _row(self, subject: str, made_at: datetime) -> dict[str, object]:
        wrapped = self._master.wrap(secrets.token_bytes(KEY_BYTES), subject)
        by = self._master.name
        return {"subject": subject, "wrapped": wrapped, "wrapped_by": by, "made_at": made_at}

    def _wrapped_again(self, row: RowMapping) -> dict[str, object]:
        key = self._master.unwrap(row["wrapped"], row["wrapped_by"], row["subject"])
        wrapped = self._master.wrap(key, row["subject"])
        return {"this": row["subject"], "now": wrapped}

    def _scrub(self) -> None:
        """Leave nothing of what was overwritten in the database's files, as far as SQL can."""
        scrub(self._writing, (keys,))


def _parts(subjects: Sequence[str]) -> Iterator[Sequence[str]]:
    return (subjects[at : at + AT_A_TIME] for at in range(0, len(subjects), AT_A_TIME))
