"""Signing in with a name and a password: pauses first, then the same work whoever it is."""

from dataclasses import replace
from datetime import datetime
from typing import Final

from connectors.errors import Later
from hub.access.clerk import Account
from hub.access.hashing import Hasher
from hub.access.keeping import Kept
from hub.access.names import normal_name
from hub.access.pauses import PER_ADDRESS, PER_NAME, address_key, name_key
from hub.access.record import Entry, What
from hub.access.refusals import MustWait, WrongNameOrPassword

WRONG: Final = "password"
NOBODY: Final = "name"
LOCKED: Final = "locked"


class PasswordSignIn:
    """Tells who somebody is by what they typed."""

    def __init__(self, kept: Kept, hasher: Hasher) -> None:
        """Look accounts up in `kept`."""
        self._kept = kept
        self._hasher = hasher

    def account(self, name: str, password: str, address: str, now: datetime) -> Account:
        """The account with this name and password; raises MustWait, WrongNameOrPassword, Later.

        A wrong name, a wrong password and a locked account cannot be told apart. The failure is
        counted before the password is looked at, so that guesses made at once count as well.
        """
        name = normal_name(name)
        by_name = name_key(self._kept.key, name)
        by_address = address_key(self._kept.key, address)
        attempts = self._kept.attempts
        pause = attempts.begin({by_name: PER_NAME, by_address: PER_ADDRESS}, now)
        if pause:
            raise MustWait(pause)
        account = self._kept.accounts.find(name)
        try:
            fits = self._hasher.fits(account.password_hash if account else None, password)
        except Later:
            attempts.succeed(forgotten=[], taken_back=[by_name, by_address])
            raise
        if account is None or not fits or account.locked_at is not None:
            self._kept.record.add(_failure(account, now, fits=fits))
            raise WrongNameOrPassword
        attempts.succeed(forgotten=[by_name], taken_back=[by_address])
        return self._renewed(account, password)

    def _renewed(self, account: Account, password: str) -> Account:
        """With a hash of today's parameters."""
        if account.password_hash is None or not self._hasher.is_outdated(account.password_hash):
            return account
        renewed = replace(account, password_hash=self._hasher.hash(password))
        self._kept.accounts.change(renewed, None)
        return renewed


def _failure(account: Account | None, now: datetime, *, fits: bool) -> Entry:
    if account is None:
        return Entry(now, What.FAILED, None, detail=NOBODY)
    return Entry(now, What.FAILED, account.clerk.id, detail=LOCKED if fits else WRONG)
