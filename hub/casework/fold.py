"""What each happening makes of a case's file and course. Pure."""

from dataclasses import replace
from typing import Final

from hub.casework.case_file import CaseFile, Kind, Sending
from hub.casework.course import Course
from hub.casework.delivering import CONTENTS, WORK, Kept, asked, delivered, is_to_do
from hub.casework.happenings import (
    Confirmed,
    Delivered,
    Happening,
    Refused,
    Seen,
    Spoken,
    Unread,
)
from hub.casework.progress import Here
from hub.casework.showing import shown
from schemas.events.referral_opened import ReferralOpened
from schemas.events.referral_requested import ReferralRequested
from schemas.events.referral_status_changed import ReferralStatusChanged
from schemas.events.support_offer_published import SupportOfferPublished
from schemas.vocabulary import AwaitedStep

KINDS: Final = {
    "referral": Kind.REFERRAL,
    "handover": Kind.HANDOVER,
    "address-change": Kind.ADDRESS_CHANGE,
    "disclosure-block": Kind.ADDRESS_CHANGE,
    "reminder": Kind.LATE,
    "support-offer": Kind.OFFER,
}
"""What a case is about, by the family of an event on it."""


def kind_of(event_type: str | None) -> Kind:
    """What a case is about on which an event of this type came or was sent."""
    return KINDS.get((event_type or "").partition(".")[0], Kind.UNREADABLE)


def concerns(happening: Happening) -> bool:
    """Whether a case of which nothing is kept yet becomes one of this desk by this."""
    match happening:
        case Delivered():
            return isinstance(happening.data, WORK) or is_to_do(happening.data)
        case Confirmed():
            return happening.event_type == ReferralRequested.TYPE and not happening.repeated
        case Seen():
            return False
        case Refused():
            return happening.event_type != ReferralOpened.TYPE
        case Spoken() | Unread():
            return True


def fold(before: Kept | None, case: str, happening: Happening, here: Here) -> Kept:
    """The case after this has happened; its version and `changed_at` are for who keeps it."""
    file, course = before or _opened(case, happening)
    was_over = file.is_over
    match happening:
        case Delivered():
            file, course = delivered(file, course, happening, here)
        case Spoken():
            file, course = _spoken(file, happening), course.spoken(happening)
        case Confirmed():
            file, course = _confirmed(file, course, happening), course.confirmed(happening, here)
        case Refused() if happening.event_type == ReferralOpened.TYPE:
            pass  # it was somebody else's by then; there is nothing to do about it
        case Refused():
            file, course = _refused(file, course, happening), course.refused(happening.about)
        case Seen():
            file = replace(file, seen_at=file.seen_at or happening.at)
        case Unread():
            file = replace(file, problem=happening.code)
    kind = min(file.kind, _kind(happening), key=[*Kind].index)
    file = shown(replace(file, kind=kind), course, here)
    if was_over and not file.is_over:
        file = replace(file, assigned_to=None)
    return Kept(file, course)


def matters(before: Kept | None, after: Kept, happening: Happening) -> bool:
    """Whether who acts on the case must have seen what happened."""
    if before is None or (
        isinstance(happening, Delivered) and isinstance(happening.data, CONTENTS)
    ):
        return True
    return _essence(before.file) != _essence(after.file)


def _essence(file: CaseFile) -> CaseFile:
    return replace(file, sending=Sending.NOTHING, due_at=None, seen_at=None)


def _opened(case: str, happening: Happening) -> Kept:
    at = happening.at
    file = CaseFile(case, _kind(happening), 0, at, at, is_ours=False, other=None)
    return Kept(file, Course())


def _kind(happening: Happening) -> Kind:
    match happening:
        case Delivered() | Spoken():
            awaits = getattr(happening.data, "awaits", None)
            is_offers = awaits is AwaitedStep.ASSURANCE
            return Kind.OFFER if is_offers else kind_of(happening.data.TYPE)
        case Confirmed() | Refused():
            return kind_of(happening.event_type)
        case Seen():
            return Kind.REFERRAL
        case Unread():
            return Kind.UNREADABLE


def _spoken(file: CaseFile, happening: Spoken) -> CaseFile:
    data = happening.data
    if isinstance(data, ReferralRequested):
        file = asked(file, data)
    said = data.status if isinstance(data, ReferralStatusChanged) else None
    file = _assured(file, data.TYPE)
    return replace(file, said=said, sending=Sending.BEING_SENT, problem=None)


def _assured(file: CaseFile, event_type: str) -> CaseFile:
    """The file after this was said from here: an offer published again need not be assured."""
    if event_type != SupportOfferPublished.TYPE:
        return file
    return replace(file, to_enter=False, due_at=None)


def _confirmed(file: CaseFile, course: Course, happening: Confirmed) -> CaseFile:
    file = _assured(file, happening.event_type)
    told = happening.said
    if told is not None and isinstance(told.data, ReferralRequested):
        file = asked(file, told.data)
    if happening.about != course.last or file.sending is Sending.NOTHING:
        return file
    problem = None if file.sending is Sending.REFUSED else file.problem
    return replace(file, sending=Sending.CONFIRMED, problem=problem)


def _refused(file: CaseFile, course: Course, happening: Refused) -> CaseFile:
    is_last = happening.about is not None and happening.about == course.last
    sending = Sending.REFUSED if is_last else file.sending
    return replace(file, problem=happening.code, sending=sending)
