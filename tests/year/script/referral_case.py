"""A referral in the making: who has it, where it stands, and what is said of it at which tick."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import Enum, auto
from typing import Final

from schemas.data import Data
from schemas.events.referral_status_changed import Appointment, ReferralStatusChanged
from schemas.problems import ProblemCode
from schemas.vocabulary import MeetingPlace, ReferralStatus
from tests.year import working_days
from tests.year.offices import BY_ID
from tests.year.oracle.waits import OUTCOME, Wait
from tests.year.script.course import Course, Why
from tests.year.script.habits import Habits


class Phase(Enum):
    """How far a referral is, as far as its story needs to know."""

    ASKED = auto()
    UNDER_WAY = auto()
    OVER = auto()
    LEFT = auto()
    """It is open, and nobody will say anything more."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked for, of whom."""

    sender: str
    owner: str
    data: Data
    why: Why
    recipient: str | None = None
    """Whom the sender names."""


NEVER: Final = datetime.max.replace(tzinfo=UTC)


@dataclass(slots=True)
class ReferralCase:
    """One referral."""

    course: Course
    asked: Asked
    habits: Habits
    owner: str = ""
    phase: Phase = Phase.ASKED
    asked_at: datetime = NEVER
    """Since when its owner is asked."""
    former: list[str] = field(default_factory=list)
    """Who had it before."""
    meeting: datetime | None = None
    """The appointment that is agreed."""
    outcome: Wait | None = None
    """How long its outcome is waited for; None: not yet."""
    held: bool = False
    in_progress: bool = False
    cancelling: bool = False
    forwards: int = 0
    askings: int = 0

    @property
    def sender(self) -> str:
        """Who asked."""
        return self.asked.sender

    @property
    def chance(self) -> random.Random:
        """What decides what happens."""
        return self.course.desk.chance

    @property
    def expires_at(self) -> datetime:
        """When nobody waits for an answer any more."""
        office = BY_ID[self.owner]
        days = 2 * office.answer + office.expire
        return working_days.end_of_limit(office, self.asked_at, days)

    @property
    def has_expired(self) -> bool:
        """Whether nobody has answered and the hub has ended it."""
        return self.phase is Phase.ASKED and self.course.now > self.expires_at

    def happens(self, probability: float) -> bool:
        """Whether it happens this time."""
        return self.chance.random() < probability

    def ask(self, data: Data, *, wrong: ProblemCode | None = None) -> None:
        """Its sender asks; where nothing is wrong, its owner has it from now on."""
        self.course.say(
            self.sender, data, self.asked.why, recipient=self.asked.recipient, wrong=wrong
        )
        if wrong is None:
            self.former = []
            self.askings += 1
            self._begin(self.asked.owner)

    def step(
        self,
        party: str,
        status: ReferralStatus,
        *,
        wrong: ProblemCode | None = None,
        why: Why | None = None,
        off: timedelta = timedelta(),
        **facts: object,
    ) -> None:
        """A party says a step."""
        data = ReferralStatusChanged.model_validate({"status": status, **facts})
        self.course.say(party, data, why or self.asked.why, wrong=wrong, off=off)

    def accept(self) -> None:
        """Its owner takes it on, half of them with an appointment."""
        agreed = self.appointment() if self.happens(0.5) else None
        self.step(self.owner, ReferralStatus.ACCEPTED, appointment=agreed)
        self.phase = Phase.UNDER_WAY
        self.outcome = Wait(OUTCOME, BY_ID[self.owner], self.course.now)

    def forward_to(self, town: str) -> None:
        """Another office has it, and is asked anew."""
        self.step(self.owner, ReferralStatus.FORWARDED, new_owner=town)
        self.former.append(self.owner)
        self.forwards += 1
        self._begin(town)

    def end(self, phase: Phase = Phase.OVER) -> None:
        """It is over, or left alone."""
        self.phase, self.meeting, self.cancelling = phase, None, False

    def soon(self, party: str) -> None:
        """Let a party take some hours."""
        self.course.wait(party, timedelta(hours=self.chance.uniform(0.2, 12)))

    def appointment(self) -> Appointment:
        """Agree on one some days on, at a full hour."""
        at = self.course.now + timedelta(days=self.chance.randrange(2, 15))
        self.meeting = at.replace(minute=0)
        return Appointment(place=self.chance.choice(tuple(MeetingPlace)), at=self.meeting)

    def _begin(self, owner: str) -> None:
        self.owner, self.asked_at, self.phase = owner, self.course.now, Phase.ASKED
        self.meeting, self.outcome = None, None
        self.held, self.in_progress, self.cancelling = False, False, False


Plant = Callable[[ReferralCase], None]
"""May plant a mistake in a case as it stands now."""
