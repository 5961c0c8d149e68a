"""The life of a referral, written down a second time: who may say what, and who is waited for."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from schemas.events.referral_requested import ReferralRequested
from schemas.events.referral_status_changed import ReferralStatusChanged
from schemas.problems import ProblemCode
from tests.year.offices import BY_ID
from tests.year.oracle.waits import ANSWER, CANCELLATION, OUTCOME, Wait

_ENDINGS: Final = "completed failed cancelled forwarded"
_MEETINGS: Final = "appointment-made appointment-moved appointment-cancelled no-show"
_TAKEN_ON: Final = f"{_ENDINGS} {_MEETINGS} cancellation-declined"
OWNER: Final = {
    "requested": "accepted rejected cancelled forwarded",
    "accepted": f"in-progress on-hold {_TAKEN_ON}",
    "in-progress": f"on-hold {_TAKEN_ON}",
    "on-hold": f"in-progress {_TAKEN_ON}",
}
"""What its owner may say next, by Gravity's states and BSeR's steps."""
SENDER: Final = {
    "requested": "cancelled",
    "accepted": "cancellation-requested",
    "in-progress": "cancellation-requested",
    "on-hold": "cancellation-requested",
}
"""What its sender may; and that it was entered in error, whenever it was not said before."""
IN_ERROR: Final = "entered-in-error"
OPEN: Final = frozenset(OWNER)
UNDER_WAY: Final = OPEN - {"requested"}
_NEEDS_MEETING: Final = frozenset({"appointment-moved", "appointment-cancelled", "no-show"})
_STAYS: Final = frozenset({*_MEETINGS.split(), "cancellation-requested", "cancellation-declined"})
_OWNER_EVER: Final = frozenset(" ".join(OWNER.values()).split())
_SENDER_EVER: Final = frozenset({*" ".join(SENDER.values()).split(), IN_ERROR})


@dataclass(frozen=True, slots=True)
class Happened:
    """A step that was taken."""

    at: datetime
    speaker: str
    status: str
    said: ReferralStatusChanged | None = None
    """None: the hub ended it."""


@dataclass(slots=True)
class Life:
    """One referral, from its request on."""

    subject: str
    sender: str
    owner: str
    asked: ReferralRequested
    asked_at: datetime
    status: str = "requested"
    reason: str | None = None
    meeting: bool = False
    cancelling: bool = False
    waits: list[Wait] = field(default_factory=list)
    turned_down_by: frozenset[str] = frozenset()
    """Who rejected it before it was asked anew."""
    first_owner: str = ""
    history: list[Happened] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.first_owner = self.owner
        self.waits = [Wait(ANSWER, BY_ID[self.owner], self.asked_at)]

    @property
    def is_open(self) -> bool:
        """Whether anything is still to come."""
        return self.status in OPEN

    @property
    def was_forwarded(self) -> bool:
        """Whether somebody had it before its owner."""
        return any(one.status == "forwarded" for one in self.history)

    @property
    def waits_for(self) -> str | None:
        """Who must do something now; on hold nobody, but for papers or an answer."""
        if not self.is_open:
            return None
        if self.status != "on-hold" or self.cancelling:
            return self.owner
        return self.sender if self.reason == "documents_missing" else None

    def refuses(self, speaker: str, said: ReferralStatusChanged) -> ProblemCode | None:
        """Why this party may not say this now; None: it may."""
        step = said.status.value
        if speaker not in (self.sender, self.owner):
            return ProblemCode.NOT_A_PARTICIPANT
        here, there = (OWNER, SENDER) if speaker == self.owner else (SENDER, OWNER)
        ever = _OWNER_EVER if speaker == self.owner else _SENDER_EVER
        if not self._may(step, here):
            another = step not in ever or self._may(step, there)
            return ProblemCode.STEP_NOT_YOURS if another else ProblemCode.STEP_OUT_OF_ORDER
        if said.new_owner in (self.sender, self.owner):
            return ProblemCode.RECIPIENT_IS_SENDER
        return None

    def take(self, speaker: str, said: ReferralStatusChanged, at: datetime) -> None:
        """This step is taken."""
        step = said.status.value
        self.history.append(Happened(at, speaker, step, said))
        self._agree(step, said)
        if step == "cancellation-requested":
            self.cancelling = True
            self.waits.append(Wait(CANCELLATION, BY_ID[self.owner], at))
        if step == "cancellation-declined":
            self.cancelling = False
            self.waits = [wait for wait in self.waits if wait.awaits != CANCELLATION]
        if step in _STAYS:
            return
        self.reason = said.reason
        self._become("requested" if said.new_owner else step, said.new_owner or self.owner, at)

    def expire(self, at: datetime) -> None:
        """Nobody answered."""
        self.history.append(Happened(at, "hub", "expired"))
        self.reason = "no_answer"
        self._become("expired", self.owner, at)

    def _may(self, step: str, table: dict[str, str]) -> bool:
        if step == IN_ERROR:
            return table is SENDER and self.status != IN_ERROR
        if step in _NEEDS_MEETING and not self.meeting:
            return False
        if step == "cancellation-declined" and not self.cancelling:
            return False
        if step in ("forwarded", "cancellation-requested") and self.cancelling:
            return False
        return step in table.get(self.status, "").split()

    def _agree(self, step: str, said: ReferralStatusChanged) -> None:
        if step in ("appointment-cancelled", "no-show"):
            self.meeting = False
        elif said.appointment is not None and step in (
            "accepted", "in-progress", "appointment-made", "appointment-moved",
        ):  # fmt: skip
            self.meeting = True

    def _become(self, status: str, owner: str, at: datetime) -> None:
        before, self.status, self.owner = self.status, status, owner
        if status not in UNDER_WAY:
            self.meeting = self.cancelling = False
            self.waits = []
        if status == "requested":
            self.waits = [Wait(ANSWER, BY_ID[owner], at)]
        if status in UNDER_WAY and before == "requested":
            self.waits = [Wait(OUTCOME, BY_ID[owner], at)]
        if status in UNDER_WAY:
            outcome = self.waits[0]
            if status == "on-hold":
                outcome.hold(at)
            else:
                outcome.go_on(at)
