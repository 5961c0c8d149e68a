"""A case as it is written down, saying by saying: each at a later tick than the one before."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from schemas.data import Data
from schemas.envelope import Event
from schemas.problems import ProblemCode
from schemas.vocabulary import LegalBasis, Purpose
from tests.support.desk import Desk
from tests.year import ticks, working_days
from tests.year.offices import BY_ID, Office
from tests.year.script.saying import Saying

Why = tuple[LegalBasis, Purpose]
AGAIN: Final = 0.02
"""How often a sender says the same once more."""


@dataclass(slots=True)
class Course:
    """One case in the making."""

    desk: Desk
    subject: str
    now: datetime
    """The tick of the last saying."""
    said: list[Saying] = field(default_factory=list)

    def say(
        self,
        party: str,
        data: Data,
        why: Why,
        *,
        wrong: ProblemCode | None = None,
        recipient: str | None = None,
        subject: str | None = None,
        off: timedelta = timedelta(),
    ) -> Event[Data]:
        """This party says so now; `off` is how wrong its clock is."""
        self.desk.now = self.now + off
        first = self.said[0].event.context.id if self.said else None
        event = self.desk.say(
            party, subject or self.subject, data, why, recipient=recipient, because_of=first
        )
        self.hand_in(event, wrong=wrong)
        return event

    def hand_in(self, event: Event[Data], *, wrong: ProblemCode | None = None) -> None:
        """The event is handed in now, some of them twice."""
        self.said.append(Saying(self.now, event, wrong))
        if self.desk.happens(AGAIN):
            self.said.append(Saying(self.now, event, wrong, again=True))

    def wait(self, party: str, working: timedelta) -> None:
        """Let this party work so long; then it is the first tick in its hours."""
        office = BY_ID[party]
        self.wait_until(office, working_days.after(office, self.now, working))

    def wait_until(self, office: Office, at: datetime) -> None:
        """Let it be the first tick in its hours at this moment or later, yet later than now."""
        at = max(at - timedelta(minutes=1), self.now)
        self.now = ticks.first_in_hours(office, at)

    def wait_days(self, days: int) -> None:
        """Let so many days pass; then it is the first tick of a working day."""
        self.now = ticks.first_of_a_day(self.now + timedelta(days=days))

    def wait_share(self, party: str, working_days_agreed: int, share: float) -> None:
        """Let this share of the time agreed with a party pass; more than 1: it is late."""
        office = BY_ID[party]
        end = working_days.end_of_limit(office, self.now, working_days_agreed)
        whole = working_days.worked(office, self.now, end)
        self.wait(party, whole * share)
