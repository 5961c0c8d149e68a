"""How far a case has come: its referral, its hand-over, and the clocks that run. Pure.

The rules are the hub's own. Where what was delivered does not fit what is known here, the hub
knows better: it has seen the whole case, and a desk may have been opened later than it.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, NamedTuple

from hub.domain import clocks, deadlines, life_cycle
from hub.domain.clocks import Clock, Deadline
from hub.domain.deadlines import Wait
from hub.domain.parties import Parties
from hub.domain.referral import HUB, Life, is_final, side_of
from hub.domain.refusal import Refusal
from hub.domain.reminders import waits_of
from hub.domain.transitions import TRANSITIONS, Side, Status
from schemas.events.ledger_recorded import HandoverState
from schemas.events.referral_status_changed import ReferralStatusChanged
from schemas.vocabulary import AwaitedStep

_OWNERS: Final = frozenset(each.step for each in TRANSITIONS if each.by is Side.OWNER)
"""The steps an owner may take."""


class Here(NamedTuple):
    """Whose desk it is, and whom it deals with."""

    party: str
    parties: Parties


@dataclass(frozen=True, slots=True)
class Progress:
    """How a case stands; no personal data."""

    life: Life | None = None
    """Of its referral, if there is one."""
    handover: HandoverState | None = None
    """Of its hand-over, if this party is or was the old carrier."""
    clocks: tuple[Clock, ...] = ()
    """One for each step that others wait for."""

    def asked(self, sender: str, owner: str, at: datetime, here: Here) -> "Progress":
        """After one party asked another; a case may be asked anew after its end."""
        life = Life(sender=sender, owner=owner, requested_at=at, since=at)
        return self._with(life, self.handover, at, here)

    def stepped(
        self, said: ReferralStatusChanged, speaker: str, at: datetime, here: Here
    ) -> "Progress":
        """After a step that the hub has taken as said."""
        return self._with(_after(self.life, said, speaker, at, here), self.handover, at, here)

    def tried(self, said: ReferralStatusChanged, at: datetime, here: Here) -> "Progress":
        """After a step that was said here, unless it cannot follow."""
        try:
            life = life_cycle.step(self.life, said, here.party, at)
        except Refusal:
            return self
        return self._with(life, self.handover, at, here)

    def is_unopened(self, here: Here) -> bool:
        """Whether this party has an open referral that nobody here has opened yet."""
        life = self.life
        if life is None or life.owner != here.party or is_final(life):
            return False
        return life.opened_at is None

    def opened(self, at: datetime) -> "Progress":
        """After somebody here has opened the referral."""
        life = None if self.life is None else replace(self.life, opened_at=at)
        return replace(self, life=life)

    def handed_over(self, state: HandoverState, at: datetime, here: Here) -> "Progress":
        """After a hand-over was opened, or has ended."""
        return self._with(self.life, state, at, here)

    def due_at(self, here: Here) -> datetime | None:
        """Until when the next step is due, by the hub's own reckoning; None: none is awaited."""
        running = (clock for clock in self.clocks if clock.hold_since is None)
        return min((_due(clock, here) for clock in running), default=None)

    def _with(
        self, life: Life | None, handover: HandoverState | None, at: datetime, here: Here
    ) -> "Progress":
        waits = () if life is None else waits_of(life)
        if handover is HandoverState.OPEN:
            waits = (*waits, Wait(AwaitedStep.CONTINUATION, here.party))
        running = (deadlines.awaited(self.clocks, wait, at, here.parties) for wait in waits)
        return Progress(life, handover, tuple(running))


def _due(clock: Clock, here: Here) -> datetime:
    agreed = deadlines.agreed_by(clock.of, here.parties)
    return clocks.due_at(clock, Deadline.OVERDUE, agreed)


def _after(
    life: Life | None, said: ReferralStatusChanged, speaker: str, at: datetime, here: Here
) -> Life | None:
    if said.new_owner == here.party:
        return Life(sender=speaker, owner=here.party, requested_at=at, since=at)
    known = _between(life, said, speaker, at, here)
    if known is None:
        return None
    try:
        return life_cycle.step(known, said, speaker, at)
    except Refusal:
        return _as_said(known, said, speaker, at)


def _between(
    life: Life | None, said: ReferralStatusChanged, speaker: str, at: datetime, here: Here
) -> Life | None:
    """The referral with its two sides: who speaks to this party is the other one.

    Who was forwarded a referral does not know its sender until they speak.
    """
    us = here.party
    if speaker == us:
        return life
    if life is None:
        owner, sender = (speaker, us) if said.status in _OWNERS else (us, speaker)
        return Life(sender=sender, owner=owner, requested_at=at, since=at)
    if speaker == HUB:
        return life
    return replace(life, sender=speaker) if life.owner == us else replace(life, owner=speaker)


def _as_said(known: Life, said: ReferralStatusChanged, speaker: str, at: datetime) -> Life:
    """The referral after a step that cannot follow what is known of it."""
    side = side_of(known, speaker) or Side.OWNER
    usual = (each for each in TRANSITIONS if each.step is said.status and each.by is side)
    found = next(usual, None)
    status = None if found is None else found.after
    if status is None:
        is_fit = found is None or known.status in found.before
        status = known.status if is_fit else Status.ACCEPTED
    return life_cycle.taken(known, status, said, side, at)
