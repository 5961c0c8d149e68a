"""What each delivery makes of a case's file and course. Pure."""

from dataclasses import replace
from datetime import datetime
from typing import Final, NamedTuple

from hub.casework.case_file import CaseFile, Sending
from hub.casework.course import Course
from hub.casework.happenings import Delivered
from hub.casework.progress import Here, Progress
from hub.domain.handover import is_over
from schemas.data import Data
from schemas.events.address_change_reported import AddressChangeReported
from schemas.events.address_change_withdrawn import AddressChangeWithdrawn
from schemas.events.disclosure_block_lifted import DisclosureBlockLifted
from schemas.events.disclosure_block_set import DisclosureBlockSet
from schemas.events.handover_continued import HandoverContinued
from schemas.events.handover_opened import HandoverOpened
from schemas.events.handover_overdue import HandoverOverdue
from schemas.events.ledger_recorded import HandoverState
from schemas.events.referral_requested import ReferralRequested
from schemas.events.referral_status_changed import ReferralStatusChanged
from schemas.events.reminder_due import ReminderDue
from schemas.events.reminder_overdue import ReminderOverdue
from schemas.vocabulary import AwaitedStep

ENTERED: Final = (
    AddressChangeReported,
    AddressChangeWithdrawn,
    DisclosureBlockSet,
    DisclosureBlockLifted,
)
"""What a clerk must enter elsewhere."""
CONTENTS: Final = (ReferralRequested, HandoverOpened, *ENTERED)
"""What has a content that who acts on the case must have seen."""

WORK: Final = (
    *CONTENTS,
    ReferralStatusChanged,
    HandoverContinued,
    HandoverOverdue,
)
"""What makes a case of one of which nothing is here."""


class Kept(NamedTuple):
    """A case as a desk keeps it."""

    file: CaseFile
    course: Course


def delivered(file: CaseFile, course: Course, happening: Delivered, here: Here) -> Kept:
    """The case after another party said something, or the hub did."""
    data, at, speaker = happening.data, happening.at, happening.speaker
    certain = course.certain
    if not course.unanswered and file.sending is Sending.CONFIRMED:
        file = replace(file, sending=Sending.NOTHING)
    if isinstance(data, ReferralRequested):
        file = asked(file, data)
        certain = certain.asked(speaker, here.party, at, here)
    elif isinstance(data, ReferralStatusChanged):
        certain = certain.stepped(data, speaker, at, here)
    elif is_to_do(data) and certain.life is None:
        file = _reminded(file, data)
    elif isinstance(data, ENTERED):
        file = replace(file, to_enter=True, other=speaker)
    certain = _handed_over(certain, data, at, here)
    return Kept(file, replace(course, certain=certain))


def is_to_do(data: Data) -> bool:
    """Whether a reminder gives a clerk something to do that no other case tells them of.

    That is to look after somebody else who is late, and to assure an offer of one's own.
    """
    if isinstance(data, ReminderDue):
        return data.awaits is AwaitedStep.ASSURANCE
    return isinstance(data, ReminderOverdue)


def _reminded(file: CaseFile, data: Data) -> CaseFile:
    if not isinstance(data, ReminderDue | ReminderOverdue):
        return file
    other = file.other if data.awaits is AwaitedStep.ASSURANCE else data.owner
    return replace(file, to_enter=True, other=other, due_at=data.due_at)


def asked(file: CaseFile, data: ReferralRequested) -> CaseFile:
    """The file with what was asked for."""
    return replace(
        file,
        service=data.service,
        urgency=data.urgency,
        wished_place=data.wished_place,
        ags=data.client.ags,
    )


def _handed_over(certain: Progress, data: Data, at: datetime, here: Here) -> Progress:
    """How a hand-over stands after this was delivered."""
    is_open = certain.handover is HandoverState.OPEN
    if isinstance(data, HandoverOpened):
        return certain.handed_over(HandoverState.OPEN, at, here)
    if isinstance(data, HandoverOverdue) and not is_open:
        return certain.handed_over(HandoverState.OPEN, data.opened_at, here)
    if isinstance(data, HandoverContinued) or (is_open and is_over(data, here.party, here.parties)):
        return certain.handed_over(HandoverState.ENDED, at, here)
    return certain
