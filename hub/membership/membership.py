"""A party's part in the hub: its credentials over time, and whether it may use them. Pure.

Credentials are numbered from 1 on and a number is never used again: what was taken away from one is
never given back to whoever still holds it.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from enum import StrEnum
from typing import Final, Self

from connectors.callers.credentials import Credential
from connectors.callers.scopes import Scope
from hub.errors import UsageError
from schemas.model import Frozen, Moment, PartyId


class State(StrEnum):
    """How a party stands."""

    ACTIVE = "active"
    SUSPENDED = "suspended"
    REMOVED = "removed"


class Kind(StrEnum):
    """What a token opens."""

    DOOR = "door"
    MAILBOX = "mailbox"


RIGHTS: Final = {
    Kind.DOOR: frozenset({Scope.SEND, Scope.TRACE}),
    Kind.MAILBOX: frozenset({Scope.COLLECT}),
}


class Credentials(Frozen):
    """What a party was given at one time, without any secret: of tokens their SHA-256."""

    number: int
    """Stands in the name of its user at the broker."""
    since: Moment
    """From when on they count."""
    until: Moment
    """Until when they count."""
    door_token: str
    """With which it sends."""
    mailbox_token: str
    """With which it collects."""

    def counts(self, now: datetime) -> bool:
        """Whether they are not over."""
        return now < self.until

    def token(self, kind: Kind, party: str) -> Credential:
        """What a door must know of one of the tokens."""
        key = self.door_token if kind is Kind.DOOR else self.mailbox_token
        return Credential(key, party, RIGHTS[kind], self.until, f"hub party {self.number}")


class Membership(Frozen):
    """One party's part in the hub."""

    party: PartyId
    state: State
    credentials: tuple[Credentials, ...]
    """Each there ever was, the newest last."""
    held: Mapping[str, tuple[str, ...]] = {}
    """Lines by hand that were taken out of the doors' files, to be put back by `resumed`."""

    @property
    def next_number(self) -> int:
        """The number of the credentials that come next."""
        return max((one.number for one in self.credentials), default=0) + 1

    def current(self, now: datetime) -> Iterator[Credentials]:
        """Those that are not over; none of a party that was removed."""
        if self.state is not State.REMOVED:
            yield from (one for one in self.credentials if one.counts(now))

    def added(self, new: Credentials) -> Self:
        """The party takes part again, by these alone."""
        return self._with(state=State.ACTIVE, credentials=(*self._ended(new.since), new))

    def rotated(self, new: Credentials, overlap_until: datetime) -> Self:
        """These count, and those before them for a while yet; raises UsageError."""
        self._insist(State.ACTIVE)
        return self._with(credentials=(*self._ended(overlap_until), new))

    def suspended(self) -> Self:
        """Nothing counts for now, and everything is kept; raises UsageError."""
        self._insist(State.ACTIVE, State.SUSPENDED)
        return self._with(state=State.SUSPENDED)

    def resumed(self) -> Self:
        """What counted before counts again; raises UsageError."""
        self._insist(State.ACTIVE, State.SUSPENDED)
        return self._with(state=State.ACTIVE)

    def removed(self, now: datetime) -> Self:
        """Nothing counts any more; the numbers stay known."""
        return self._with(state=State.REMOVED, credentials=self._ended(now), held={})

    def _ended(self, when: datetime) -> tuple[Credentials, ...]:
        """All of them, none of which counts longer than until then."""
        return tuple(
            one.model_copy(update={"until": min(one.until, when)}) for one in self.credentials
        )

    def _insist(self, *states: State) -> None:
        if self.state not in states:
            remedy = {
                State.SUSPENDED: f"Let it take part again: hub party resume {self.party}",
                State.REMOVED: f"Take it in: hub party add {self.party}",
            }.get(self.state, "")
            raise UsageError(f"The party is {self.state}.", where=self.party, remedy=remedy)

    def _with(self, **changes: object) -> Self:
        return self.model_copy(update=changes)
