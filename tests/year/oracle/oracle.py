"""What must become of a script, worked out from what it says and without the hub."""

from dataclasses import dataclass, field
from datetime import datetime

from schemas.data import Data
from schemas.envelope import Event
from schemas.events.support_offer_published import SupportOfferPublished
from schemas.problems import ProblemCode
from tests.support.district import BY_AGS, KFB
from tests.year.oracle.door import not_admitted
from tests.year.oracle.expected import Copy, Expected, Handover, Outcome, Reminder, Told
from tests.year.oracle.moves import MoveOracle
from tests.year.oracle.referrals import ReferralOracle
from tests.year.script.saying import Saying
from tests.year.script.script import Script


@dataclass(slots=True)
class Oracle:
    """Remembers everything; tell it all in the order in which it is said."""

    referrals: ReferralOracle = field(default_factory=ReferralOracle)
    moves: MoveOracle = field(default_factory=MoveOracle)
    offers: dict[str, tuple[str, set[str]]] = field(default_factory=dict)
    """Who published each offer, and who was told."""
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
            return Told(saying, before if isinstance(before, ProblemCode) else ((), None))
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
        self.reminders += self.referrals.ring(subject, at)
        self.reminders += self.moves.ring(subject, at)

    def _judge(self, event: Event[Data], at: datetime) -> Outcome:
        context, data = event.context, event.data
        if data.TYPE.startswith("referral."):
            blocked = self.moves.is_blocked(context.subject)
            found = self.referrals.judge(context, data, at, blocked=blocked)
            return found if isinstance(found, ProblemCode) else (found, None)
        if data.TYPE.startswith("support-offer."):
            return self._offer(event)
        others = self.referrals.holders.get(context.subject, set())
        return self.moves.judge(context, data, at, others)

    def _offer(self, event: Event[Data]) -> Outcome:
        subject, data, speaker = event.context.subject, event.data, event.context.party
        publisher, told = self.offers.get(subject, (speaker, set()))
        if publisher != speaker:
            return ProblemCode.NOT_A_PARTICIPANT
        if isinstance(data, SupportOfferPublished):
            served = {ags for ags in BY_AGS if ags.startswith(data.service_area)}
            told = told | {KFB, *served}
        elif subject not in self.offers:
            return ProblemCode.CASE_UNKNOWN
        self.offers[subject] = publisher, told
        return tuple(Copy(party, data.TYPE) for party in sorted(told - {publisher})), None


def expect(script: Script) -> Expected:
    """All that must become of it by its last tick."""
    oracle = Oracle()
    told = [oracle.hear(saying) for saying in script.sayings]
    for subject in {**oracle.referrals.lives, **oracle.moves.cases}:
        oracle.until(script.ticks[-1], subject)
    handovers = {
        subject: Handover(case.handover.of.id, case.reported_by, case.handover.since)
        for subject, case in oracle.moves.cases.items()
        if case.handover is not None
    }
    reminders = sorted(oracle.reminders, key=lambda one: one.at)
    return Expected(told, reminders, oracle.referrals.lives, handovers)
