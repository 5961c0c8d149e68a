"""The accounts of clerks or operators, as who runs the hub makes, changes and takes them away."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from secrets import token_bytes

from hub.access.clerk import Account, Clerk, new_id
from hub.access.hashing import Hasher
from hub.access.keeping import Beside, Kept
from hub.access.names import SAYS, is_name, normal_name
from hub.access.passwords import LONGEST, SHORTEST, Weakness, generated, weaknesses
from hub.access.pauses import name_key
from hub.access.record import OPERATOR, Entry, What
from hub.access.refusals import NameTaken
from hub.access.roles import Role
from hub.errors import HubError, UsageError
from hub.stores.accounts import opening
from hub.stores.accounts.upgrade import upgrade

WEAK = {
    Weakness.TOO_SHORT: f"it needs at least {SHORTEST} characters",
    Weakness.TOO_LONG: f"it may have at most {LONGEST} characters",
    Weakness.LIKE_THE_NAME: "it must not contain the clerk's name",
    Weakness.EASY_TO_GUESS: "it is easy to guess",
}


class WeakPassword(UsageError):
    """This password cannot be taken."""


class Clerks:
    """The accounts in one database."""

    def __init__(
        self,
        kept: Kept,
        hasher: Hasher,
        chance: Callable[[int], bytes],
        now: datetime,
        command: str = "clerk",
        section: str = "web",
    ) -> None:
        """Work on `kept` at this time; `chance` gives random bytes that nobody can guess.

        `command` and `section` stand in what is said of errors: `hub clerk`, `web.oidc.roles`.
        """
        self._command = command
        self._section = section
        self._kept = kept
        self._hasher = hasher
        self._chance = chance
        self._now = now

    def all(self) -> Sequence[Account]:
        """Every account."""
        return self._kept.accounts.all()

    def add(self, name: str, shown: str, role: Role, password: str | None) -> tuple[Account, str]:
        """A new account, and its password: the given one, or one made up that must be changed.

        Raises UsageError for a name that cannot be or is there, and WeakPassword.
        """
        sign_in_name = normal_name(name)
        if not is_name(sign_in_name):
            raise UsageError("This cannot be a name to sign in with.", where=name, remedy=SAYS)
        clerk = Clerk(new_id(self._chance), shown, role)
        account = Account(clerk, sign_in_name)
        account, known = self._with_password(account, password)
        try:
            self._kept.accounts.add(account, OPERATOR, self._now)
        except NameTaken as error:
            remedy = f"Choose another, or change its password: hub {self._command} password NAME"
            raise UsageError(str(error), where=name, remedy=remedy) from error
        return account, known

    def set_password(self, name: str, password: str | None) -> tuple[Account, str]:
        """Another password, and every session ends; raises HubError, WeakPassword."""
        account = self._account(name)
        if account.sign_in_name is None:
            remedy = "Its password is changed at the OpenID provider."
            raise UsageError("This account has no password here.", where=name, remedy=remedy)
        account, known = self._with_password(account, password)
        self._kept.sessions.end_others(account.clerk.id, "", self._now)
        self._change(account, What.PASSWORD_CHANGED)
        self._forgive(account)
        return account, known

    def set_role(self, name: str, role: Role) -> Account:
        """Another role, from the next request on; raises HubError."""
        account = self._account(name)
        if account.identity is not None:
            remedy = (
                f"Change it there; {self._section}.oidc.roles says which of its roles means what."
            )
            raise UsageError("The OpenID provider says its role.", where=name, remedy=remedy)
        was, clerk = account.clerk.role, replace(account.clerk, role=role)
        return self._change(replace(account, clerk=clerk), What.ROLE_CHANGED, f"{was}>{role}")

    def lock(self, name: str) -> Account:
        """Nobody can sign in to it, and its sessions are over; raises HubError."""
        return self._change(replace(self._account(name), locked_at=self._now), What.LOCKED)

    def unlock(self, name: str) -> Account:
        """It can be used again, at once whatever failed before; raises HubError."""
        account = replace(self._account(name), locked_at=None)
        self._kept.sessions.end_others(account.clerk.id, "", self._now)
        self._forgive(account)
        return self._change(account, What.UNLOCKED)

    def remove(self, name: str) -> Account:
        """Forget it, but for its id in the records; raises HubError."""
        account = self._account(name)
        self._kept.accounts.remove(account.clerk.id, OPERATOR, self._now)
        return account

    def _account(self, name: str) -> Account:
        accounts = self._kept.accounts
        found = accounts.find(normal_name(name)) or accounts.known(name)
        if found is None:
            remedy = f"hub {self._command} list shows the names and ids there are."
            raise HubError("There is no such account.", where=name, remedy=remedy)
        return found

    def _with_password(self, account: Account, password: str | None) -> tuple[Account, str]:
        known = generated(self._chance) if password is None else password
        names = (account.sign_in_name or "", account.clerk.name)
        if password is not None and (found := weaknesses(known, names)):
            remedy = f"Take another: {', and '.join(WEAK[one] for one in found)}."
            raise WeakPassword(remedy=remedy)
        hashed = self._hasher.hash(known)
        return replace(account, password_hash=hashed, must_change=password is None), known

    def _change(self, account: Account, what: What, detail: str = "") -> Account:
        entry = Entry(self._now, what, account.clerk.id, OPERATOR, detail)
        self._kept.accounts.change(account, entry)
        return account

    def _forgive(self, account: Account) -> None:
        key = name_key(self._kept.key, account.sign_in_name or "")
        self._kept.attempts.succeed(forgotten=[key], taken_back=[])


@contextmanager
def opened(
    url: str, beside: Beside | None = None, command: str = "clerk", section: str = "web"
) -> Iterator[Clerks]:
    """The accounts of this database, whose tables are made if need be; raises Later.

    `beside` is told each line of the record before it counts.
    """
    upgrade(url)
    with opening.opened(url, beside) as kept:
        yield Clerks(kept, Hasher(), token_bytes, datetime.now(UTC), command, section)
