"""The accounts themselves."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, Engine, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from connectors.sql.database import answering
from hub.access.clerk import Account, Identity
from hub.access.record import Entry, What
from hub.access.refusals import NameTaken, NoSuchAccount
from hub.stores.accounts.noting import Noting
from hub.stores.accounts.rows import ACCOUNT, account_of, values
from hub.stores.accounts.tables import accounts, sessions

HERE = accounts.c.removed_at.is_(None)


class SqlAccounts:
    """`hub.access.keeping.Accounts` in a database."""

    def __init__(self, engine: Engine, reader: Engine, noting: Noting) -> None:
        """Write through `engine`, look up through `reader`."""
        self._engine = engine
        self._reader = reader
        self._note = noting.note

    def find(self, sign_in_name: str) -> Account | None:
        """The account with this name."""
        return self._one(accounts.c.sign_in_name == sign_in_name)

    def identified(self, identity: Identity) -> Account | None:
        """The account of this identity at an OpenID provider."""
        is_theirs = accounts.c.subject == identity.subject
        return self._one((accounts.c.issuer == identity.issuer) & is_theirs)

    def all(self) -> Sequence[Account]:
        """Every account, in the order in which they were made."""
        query = select(*ACCOUNT).where(HERE).order_by(accounts.c.created_at, accounts.c.id)
        with answering(), self._reader.begin() as connection:
            return [account_of(row) for row in connection.execute(query)]

    def known(self, clerk: str) -> Account | None:
        """The account with this id."""
        return self._one(accounts.c.id == clerk)

    def name_of(self, clerk: str) -> str | None:
        """The name for colleagues of the clerk with this id; None: nobody, or removed."""
        found = self.known(clerk)
        return None if found is None else found.clerk.name

    def add(self, account: Account, by: str, now: datetime) -> None:
        """Keep a new one, and record it; raises NameTaken."""
        row = values(account) | {"id": account.clerk.id, "created_at": now}
        entry = Entry(now, What.ADDED, account.clerk.id, by, account.clerk.role.value)
        with answering(), self._engine.begin() as connection:
            try:
                with connection.begin_nested():
                    connection.execute(insert(accounts), row)
            except IntegrityError:
                raise NameTaken from None
            self._note(connection, entry)

    def change(self, account: Account, entry: Entry | None) -> None:
        """Keep it as it is now, and record why; raises NoSuchAccount."""
        with answering(), self._engine.begin() as connection:
            _write(connection, account.clerk.id, values(account))
            if entry is not None:
                self._note(connection, entry)

    def remove(self, clerk: str, by: str, now: datetime) -> None:
        """Forget everything but the id, which stands in records; raises NoSuchAccount."""
        forgotten = dict.fromkeys(("sign_in_name", "password_hash", "issuer", "subject"))
        with answering(), self._engine.begin() as connection:
            _write(connection, clerk, {**forgotten, "name": "", "removed_at": now})
            connection.execute(delete(sessions).where(sessions.c.account == clerk))
            self._note(connection, Entry(now, What.REMOVED, clerk, by))

    def _one(self, which: ColumnElement[bool]) -> Account | None:
        query = select(*ACCOUNT).where(HERE, which)
        with answering(), self._reader.begin() as connection:
            row = connection.execute(query).one_or_none()
        return None if row is None else account_of(row)


def _write(connection: Connection, clerk: str, row: dict[str, object]) -> None:
    changed = connection.execute(update(accounts).where(HERE, accounts.c.id == clerk).values(row))
    if changed.rowcount == 0:
        raise NoSuchAccount
