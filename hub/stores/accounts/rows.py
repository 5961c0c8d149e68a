"""Accounts and sessions as rows, and rows as accounts and sessions."""

from datetime import datetime
from typing import Any, Final

from sqlalchemy import Row

from hub.access.clerk import Account, Clerk, Identity
from hub.access.record import Entry, What
from hub.access.roles import Role
from hub.access.sessions import Session
from hub.stores.accounts.tables import accounts, sessions

ACCOUNT: Final = (
    accounts.c.id,
    accounts.c.name,
    accounts.c.role,
    accounts.c.sign_in_name,
    accounts.c.password_hash,
    accounts.c.must_change,
    accounts.c.issuer,
    accounts.c.subject,
    accounts.c.locked_at,
)
SESSION: Final = (
    sessions.c.started_at,
    sessions.c.seen_at,
    sessions.c.ended_at,
    sessions.c.id_token,
)


def account_of(row: Row[*tuple[Any, ...]]) -> Account:
    """The account in a row that has the columns of ACCOUNT."""
    known = row.issuer is not None
    return Account(
        clerk=Clerk(row.id, row.name, Role(row.role)),
        sign_in_name=row.sign_in_name,
        password_hash=row.password_hash,
        must_change=row.must_change,
        identity=Identity(row.issuer, row.subject) if known else None,
        locked_at=row.locked_at,
    )


def session_of(row: Row[*tuple[Any, ...]]) -> Session:
    """The session in a row that has the columns of ACCOUNT and SESSION."""
    return Session(account_of(row), row.started_at, row.seen_at, row.ended_at, row.id_token)


def values(account: Account) -> dict[str, Any]:
    """The columns of an account that may change."""
    identity = account.identity
    return {
        "name": account.clerk.name,
        "role": account.clerk.role.value,
        "sign_in_name": account.sign_in_name,
        "password_hash": account.password_hash,
        "must_change": account.must_change,
        "issuer": identity.issuer if identity else None,
        "subject": identity.subject if identity else None,
        "locked_at": account.locked_at,
    }


def entry_of(row: Row[*tuple[Any, ...]]) -> Entry:
    """The line of the record in this row."""
    at: datetime = row.at
    return Entry(at, What(row.what), row.clerk, row.by, row.detail)
