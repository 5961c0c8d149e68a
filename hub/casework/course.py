"""A case's course: how the hub has confirmed it to stand, and what was said here since. Pure.

What is said here counts at once on this desk. When the hub confirms it, it becomes part of what
is certain; when the hub refuses it, it is gone, and the case stands as if it had not been said.
Whatever comes in meanwhile changes what is certain, and what was said stands on top of it.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime

from hub.casework.happenings import Confirmed, Spoken
from hub.casework.progress import Here, Progress
from schemas.events.handover_continued import HandoverContinued
from schemas.events.ledger_recorded import HandoverState
from schemas.events.referral_requested import ReferralRequested
from schemas.events.referral_status_changed import ReferralStatusChanged


@dataclass(frozen=True, slots=True)
class Said:
    """What was said from here, as far as it changes how the case stands; no personal data."""

    event_id: str
    at: datetime
    asks: str | None = None
    """Of a request: whom."""
    step: ReferralStatusChanged | None = None
    continues: bool = False
    """Whether it ends a hand-over."""


@dataclass(frozen=True, slots=True)
class Course:
    """What a desk remembers of a case besides its file; no personal data."""

    certain: Progress = field(default_factory=Progress)
    """As the hub has confirmed it."""
    unanswered: tuple[Said, ...] = ()
    """What was said here and has no receipt yet, in order."""
    last: str | None = None
    """The id of the event that was said here last."""

    def seen(self, here: Here) -> Progress:
        """How the case stands with all that was said here; what cannot follow changes nothing."""
        progress = self.certain
        for said in self.unanswered:
            progress = _told(progress, said, said.at, here)
        return progress

    def spoken(self, spoken: Spoken) -> "Course":
        """After something was said from here."""
        said = _said(spoken)
        return replace(self, unanswered=(*self.unanswered, said), last=said.event_id)

    def confirmed(self, happening: Confirmed, here: Here) -> "Course":
        """After the hub has delivered something that this party said."""
        said = self._waiting(happening.about)
        if said is None and not happening.repeated:
            said = _said_before(happening)
        if said is None:
            return self
        if said.asks is not None and happening.to:
            said = replace(said, asks=happening.to[0])
        certain = _told(self.certain, said, happening.at, here, is_certain=True)
        return replace(self._without(happening.about), certain=certain)

    def refused(self, about: str | None) -> "Course":
        """After the hub refused it."""
        return self._without(about)

    def _waiting(self, about: str) -> Said | None:
        return next((said for said in self.unanswered if said.event_id == about), None)

    def _without(self, about: str | None) -> "Course":
        rest = tuple(said for said in self.unanswered if said.event_id != about)
        return replace(self, unanswered=rest)


def _said(spoken: Spoken) -> Said:
    data = spoken.data
    return Said(
        spoken.event_id,
        spoken.at,
        asks=spoken.to,
        step=data if isinstance(data, ReferralStatusChanged) else None,
        continues=isinstance(data, HandoverContinued),
    )


def _said_before(happening: Confirmed) -> Said | None:
    """What was confirmed, though nobody waits for it here: another system of this party said it.

    Or it was said here and refused at first. Of another system's step nobody here knows which.
    """
    if happening.event_type == ReferralRequested.TYPE and happening.to:
        return Said(happening.about, happening.at, asks=happening.to[0])
    return None if happening.said is None else _said(happening.said)


def _told(
    progress: Progress, said: Said, at: datetime, here: Here, *, is_certain: bool = False
) -> Progress:
    """How the case stands after this was said here at that time."""
    if said.asks is not None:
        return progress.asked(here.party, said.asks, at, here)
    if said.step is not None and is_certain:
        return progress.stepped(said.step, here.party, at, here)
    if said.step is not None:
        return progress.tried(said.step, at, here)
    if said.continues and progress.handover is HandoverState.OPEN:
        return progress.handed_over(HandoverState.ENDED, at, here)
    return progress
