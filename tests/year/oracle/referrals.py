"""What must become of what is said of referrals."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from schemas.data import Data
from schemas.envelope import Context
from schemas.events.referral_requested import ReferralRequested
from schemas.events.referral_status_changed import ReferralStatusChanged
from schemas.problems import ProblemCode
from schemas.vocabulary import Service
from tests.support.district import BY_AGS, JOBCENTER_SERVICES, KFB
from tests.year.offices import BY_ID
from tests.year.oracle.expected import Copy, Follows, Outcome, Reminder
from tests.year.oracle.life import Life
from tests.year.oracle.waits import ESCALATION, EXPIRY, OVERDUE, REMINDER, Over


@dataclass(slots=True)
class ReferralOracle:
    """Remembers each case; tell it everything in the order in which it is said."""

    lives: dict[str, list[Life]] = field(default_factory=dict)
    holders: dict[str, set[str]] = field(default_factory=dict)
    """Everyone who ever said or was told something, by case."""

    def ring(self, subject: str, at: datetime) -> Iterator[Reminder]:
        """What must have been said of times that are over by then."""
        for life in self.lives.get(subject, ())[-1:]:
            for wait in list(life.waits):
                for over in wait.over_by(at):
                    yield from _said(life, over)
                    if over.stage == EXPIRY:
                        life.expire(over.at)

    def judge(self, context: Context, data: Data, at: datetime, *, blocked: bool) -> Outcome:
        """Who gets it, or why nobody does. `blocked`: an Auskunftssperre stands."""
        if isinstance(data, ReferralStatusChanged):
            return self._step(context, data, at)
        newest = data.upcast()
        if not isinstance(newest, ReferralRequested):
            raise TypeError(data.TYPE)
        found = self._asked(context, newest, at)
        if isinstance(found, ProblemCode):
            return found
        hidden = (blocked or newest.client.disclosure_blocked) and found != KFB
        return Follows((Copy(found, newest.TYPE, hidden=hidden),))

    def _asked(self, context: Context, data: ReferralRequested, at: datetime) -> str | ProblemCode:
        subject, sender = context.subject, context.party
        if subject in self.holders and sender not in self.holders[subject]:
            return ProblemCode.NOT_A_PARTICIPANT
        owner = _owner(context.recipient, data)
        if isinstance(owner, ProblemCode):
            return owner
        if owner == sender:
            return ProblemCode.RECIPIENT_IS_SENDER
        former = self.lives.get(subject, [])
        if former and (refused := _asked_anew(former[-1], data, sender)):
            return refused
        life = Life(subject, sender, owner, data, at, turned_down_by=_turned_down(former, data))
        self.lives.setdefault(subject, []).append(life)
        self.holders.setdefault(subject, set()).update((sender, owner))
        return owner

    def _step(self, context: Context, data: ReferralStatusChanged, at: datetime) -> Outcome:
        subject, speaker = context.subject, context.party
        life = self.lives[subject][-1] if subject in self.lives else None
        if life is None:
            return ProblemCode.CASE_UNKNOWN
        if refused := life.refuses(speaker, data):
            return refused
        told = {life.sender, life.owner, *([data.new_owner] if data.new_owner else [])}
        life.take(speaker, data, at)
        self.holders[subject] |= told
        return Follows(tuple(Copy(party, data.TYPE) for party in sorted(told - {speaker})))


def _owner(named: str | None, data: ReferralRequested) -> str | ProblemCode:
    """Who is asked: the one who is named, else by service and residence."""
    if data.client.ags not in BY_AGS:
        return ProblemCode.AREA_UNKNOWN
    if named is not None:
        return _obstacle(named) or named
    if data.service is Service.LOCAL_OFFER:
        return ProblemCode.RECIPIENT_REQUIRED
    return KFB if data.service in JOBCENTER_SERVICES else data.client.ags


def _obstacle(named: str) -> ProblemCode | None:
    """Why this party may not be asked."""
    office = BY_ID.get(named)
    if office is None:
        return ProblemCode.RECIPIENT_UNKNOWN
    if office.kind == "carrier":
        return ProblemCode.RECIPIENT_NOT_PERMITTED
    is_bound = office.kind != "provider" or office.commitment is not None
    return None if is_bound else ProblemCode.COMMITMENT_MISSING


def _asked_anew(before: Life, data: ReferralRequested, sender: str) -> ProblemCode | None:
    if before.is_open:
        is_part = sender in (before.sender, before.owner)
        return ProblemCode.REFERRAL_ALREADY_OPEN if is_part else ProblemCode.NOT_A_PARTICIPANT
    undecided = before.status in ("rejected", "expired") and before.asked.service is data.service
    if undecided and data.first_received_at > before.asked.first_received_at:
        return ProblemCode.FILING_DATE_LATER
    return None


def _turned_down(former: Sequence[Life], data: ReferralRequested) -> frozenset[str]:
    """Who has said already that they cannot help with this."""
    if not former or former[-1].asked.service is not data.service:
        return frozenset()
    before = former[-1]
    return before.turned_down_by | ({before.owner} if before.status == "rejected" else set())


def _said(life: Life, over: Over) -> Iterator[Reminder]:
    owner, sender, lead = over.of.id, life.sender, over.of.lead
    to = {
        REMINDER: ((owner, "reminder-to-owner"),),
        OVERDUE: ((owner, "overdue-to-owner"), (sender, "overdue-to-sender")),
        ESCALATION: ((lead, "late-again-to-lead"),),
        EXPIRY: ((owner, "expiry-to-owner"), (sender, "expiry-to-sender")),
    }[over.stage]
    for party, rule in to:
        yield Reminder(party, life.subject, rule, over.awaits, owner, over.at, over.promised)
