"""What must become of a script, worked out from what it says and without the hub."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from schemas.data import Data
from schemas.envelope import Event
from schemas.problems import ProblemCode
from tests.year.oracle.door import not_admitted
from tests.year.oracle.expected import Expected, Follows, Handover, Outcome, Reminder, Told
from tests.year.oracle.life import Life
from tests.year.oracle.moves import MoveOracle
from tests.year.oracle.offers import OfferOracle
from tests.year.oracle.referrals import ReferralOracle
from tests.year.script.saying import Saying
from tests.year.script.script import Script


@dataclass(slots=True)
class Oracle:
    """Remembers everything; tell it all in the order in which it is said."""

    referrals: ReferralOracle = field(default_factory=ReferralOracle)
    moves: MoveOracle = field(default_factory=MoveOracle)
    offers: OfferOracle = field(default_factory=OfferOracle)
    reminders: list[Reminder] = field(default_factory=list)
    heard: dict[tuple[str, str], Outcome] = field(default_factory=dict)
    """What became last of what was said under a source and id."""
    delivered: set[tuple[str, str]] = field(default_factory=set)

    def hear(self, saying: Saying) -> Told:
        """What must become of it; what was over before is over first."""
        context = saying.event.context
        name = context.source, context.id
        if saying.again:
            before = self.heard[name]
            return Told(saying, before if isinstance(before, ProblemCode) else Follows())
        if name in self.delivered:
            self.heard[name] = ProblemCode.ID_REUSED
        elif refused := not_admitted(saying):
            self.heard[name] = refused
        else:
            self.until(saying.at, saying.subject)
            self.heard[name] = self._judge(saying.event, saying.at)
            if not isinstance(self.heard[name], ProblemCode):
                self.delivered.add(name)
        return Told(saying, self.heard[name])

    def until(self, at: datetime, subject: str) -> None:
        """What is over by then in a case must have been said."""
        for oracle in (self.referrals, self.moves, self.offers):
            self.reminders += oracle.ring(subject, at)

    def _judge(self, event: Event[Data], at: datetime) -> Outcome:
        context, data = event.context, event.data
        if data.TYPE.startswith("referral."):
            blocked = self.moves.is_blocked(context.subject)
            found = self.referrals.judge(context, data, at, blocked=blocked)
            self._notice_turned_away(found, context.subject, at)
            return found
        if data.TYPE.startswith("support-offer."):
            return self.offers.judge(context, data, at, self._open(at))
        others = self.referrals.holders.get(context.subject, set())
        return self.moves.judge(context, data, at, others)

    def _notice_turned_away(self, found: Outcome, subject: str, at: datetime) -> None:
        if isinstance(found, ProblemCode):
            return
        life = self.referrals.lives[subject][-1]
        if (life.status, life.reason) == ("rejected", "at_capacity"):
            self.offers.turned_away(life, at)

    def _open(self, at: datetime) -> Iterator[Life]:
        """The referrals that are open at this moment."""
        for subject, lives in self.referrals.lives.items():
            if lives[-1].is_open:
                self.until(at, subject)  # it may have expired
            if lives[-1].is_open:
                yield lives[-1]


def expect(script: Script) -> Expected:
    """All that must become of it by its last tick."""
    oracle = Oracle()
    told = [oracle.hear(saying) for saying in script.sayings]
    lives, moves, offers = oracle.referrals.lives, oracle.moves.cases, oracle.offers
    for subject in {**lives, **moves, **offers.offers}:
        oracle.until(script.ticks[-1], subject)
    handovers = {
        subject: Handover(case.handover.of.id, case.reported_by, case.handover.since)
        for subject, case in moves.items()
        if case.handover is not None
    }
    reminders = sorted(oracle.reminders, key=lambda one: one.at)
    return Expected(told, reminders, offers.lowered, offers.lane_news, lives, handovers)
