"""The way of one referral, read from its history: what the report must count of it."""

from collections.abc import Iterator
from datetime import datetime
from typing import Final, NamedTuple

from tests.year.offices import BY_ID
from tests.year.oracle.life import IN_ERROR, OPEN, Happened, Life
from tests.year.working_days import end_of_limit

ANSWERS: Final = frozenset({"accepted", "rejected", "forwarded"})
MEETINGS: Final = frozenset({"accepted", "in-progress", "appointment-made", "appointment-moved"})
UNMET: Final = frozenset({"appointment-cancelled", "no-show"})
ENDS: Final = frozenset({"rejected", "completed", "failed", "cancelled", "expired", IN_ERROR})
USED: Final = frozenset({"enrolled", "service_received"})


class Way(NamedTuple):
    """How it went."""

    accepted_at: datetime | None
    """When its last owner took it on."""
    meeting_at: datetime | None
    """When client and counsellor first met, or will."""
    answers: list[bool]
    """Of each answer that was due, whether it came in time."""
    rejections: list[str]
    used: str | None
    """The offer or service the client got, if any."""


def way_of(life: Life, now: datetime) -> Way:
    """The way of a referral as it stands now."""
    rejections = [one.said.reason or "" for one in life.history if one.said and _is_rejected(one)]
    return Way(
        _accepted_at(life),
        _meeting_at(life),
        [answer for answer in _answers(life, now) if answer is not None],
        rejections,
        _used(life),
    )


def _is_rejected(one: Happened) -> bool:
    return one.status == "rejected"


def _accepted_at(life: Life) -> datetime | None:
    found = None
    for one in life.history:
        if one.status == "accepted":
            found = one.at
        elif one.status == "forwarded":
            found = None
    return found


def _meeting_at(life: Life) -> datetime | None:
    """The first meeting that was neither moved nor called off nor missed, by what is said later.

    One that is still ahead when the referral ends or goes elsewhere will not be.
    """
    agreed: datetime | None = None
    for one in life.history:
        said = one.said
        is_past = agreed is not None and agreed <= one.at
        if said is not None and said.appointment is not None and one.status in MEETINGS:
            if is_past:
                return agreed
            agreed = said.appointment.at
        elif one.status in UNMET or (one.status in {*ENDS, "forwarded"} and not is_past):
            agreed = None
    return agreed


def _answers(life: Life, now: datetime) -> Iterator[bool | None]:
    """Of each time an owner was asked, whether it answered in time; None: that was not due."""
    owner, asked_at, answered = life.first_owner, life.asked_at, False
    for one in life.history:
        due = end_of_limit(BY_ID[owner], asked_at, BY_ID[owner].answer)
        if not answered and one.status in ANSWERS:
            answered = True
            yield one.at <= due
        elif not answered and one.status in ENDS:
            answered = True
            yield None if one.at <= due else False
        if one.status == "forwarded" and one.said and one.said.new_owner:
            owner, asked_at, answered = one.said.new_owner, one.at, False
    if not answered:
        due = end_of_limit(BY_ID[owner], asked_at, BY_ID[owner].answer)
        yield None if now <= due else False


def _used(life: Life) -> str | None:
    """What the client got, if that is how it ended."""
    last = next((one for one in reversed(life.history) if one.status in ENDS), None)
    if last is None or last.said is None or last.said.outcome not in USED or life.status in OPEN:
        return None
    return life.asked.offer_id or life.asked.service.value
