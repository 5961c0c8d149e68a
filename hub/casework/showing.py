"""What a case's file shows of its course. Pure."""

from dataclasses import replace

from hub.casework.case_file import CaseFile, Kind
from hub.casework.course import Course
from hub.casework.progress import Here
from hub.domain.referral import HUB, Life, allowed, is_final, side_of
from hub.domain.transitions import Step
from schemas.events.ledger_recorded import HandoverState


def shown(file: CaseFile, course: Course, here: Here) -> CaseFile:
    """The file as this party's clerk sees it: with what was said here last."""
    progress = course.seen(here)
    life = progress.life
    is_handover = progress.handover is HandoverState.OPEN
    appointment = None if life is None else life.appointment
    due_at = progress.due_at(here)
    if due_at is None and file.to_enter and file.kind in (Kind.LATE, Kind.OFFER):
        due_at = file.due_at  # the hub said so
    return replace(
        file,
        is_ours=_owns(life, here) or file.to_enter or is_handover,
        other=file.other if life is None else _other(life, here),
        status=None if life is None else life.status,
        due_at=due_at,
        appointment_at=None if appointment is None else appointment.at,
        appointment_place=None if appointment is None else appointment.place,
        cancellation_requested=life is not None and life.cancellation_requested_by is not None,
        handover=progress.handover,
        is_over=not (_is_open(life, here) or file.to_enter or is_handover or file.problem),
    )


def steps(course: Course, here: Here) -> tuple[Step, ...]:
    """What this party may say of the referral now, in the order of the life cycle."""
    life = course.seen(here).life
    return () if life is None else allowed(life, here.party)


def _owns(life: Life | None, here: Here) -> bool:
    return life is not None and life.owner == here.party


def _is_open(life: Life | None, here: Here) -> bool:
    """Whether the referral is under way, and this party has part in it (still)."""
    return life is not None and not is_final(life) and side_of(life, here.party) is not None


def _other(life: Life, here: Here) -> str | None:
    other = life.sender if life.owner == here.party else life.owner
    return None if other == HUB else other
