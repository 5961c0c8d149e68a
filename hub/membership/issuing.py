"""Makes what a party is given: THE place where its secrets come from, each by chance."""

import secrets
from datetime import datetime
from typing import Final, NamedTuple

from connectors.callers.tokens import digest, new_token
from hub.membership.membership import Credentials

_BYTES: Final = 32


class Issued(NamedTuple):
    """Credentials with their secrets; only the first may be kept."""

    credentials: Credentials
    password: str
    """Of the user at the broker."""
    door_token: str
    mailbox_token: str


def issue(number: int, since: datetime, until: datetime) -> Issued:
    """New credentials for this time.

    Whatever else a party is to hold is made here as well, a key to sign with, say: `hub party add`
    and `rotate` come by no other way, and the sheet shows what this returns.
    """
    door, mailbox = new_token(), new_token()
    credentials = Credentials(
        number=number,
        since=since,
        until=until,
        door_token=digest(door),
        mailbox_token=digest(mailbox),
    )
    return Issued(credentials, secrets.token_urlsafe(_BYTES), door, mailbox)
