"""What a request and each step make of a referral, or why they may not be said.

The life itself is drawn in `hub.domain.referral`.
"""

from dataclasses import replace
from datetime import datetime
from typing import Final, NamedTuple, TypeVar

from hub.domain import transitions
from hub.domain.referral import HUB, Life, Referral, allowed, is_final, side_of
from hub.domain.refusal import Refusal, refusal
from hub.domain.transitions import Side, Status, Step
from schemas.events.referral_requested import ReferralRequested
from schemas.events.referral_status_changed import Appointment, ReferralStatusChanged
from schemas.problems import TITLES, ProblemCode
from schemas.vocabulary import LegalBasis, Purpose, StatusReason

L = TypeVar("L", bound=Life)
UNANSWERED: Final = ReferralStatusChanged(status=Step.EXPIRED, reason=StatusReason.NO_ANSWER)
"""What the hub says when nobody answered in time."""
NOT_DECIDED: Final = frozenset({Status.REJECTED, Status.EXPIRED})
"""The request ended without anybody having looked after the client."""


class Terms(NamedTuple):
    """What stands beside a request: what it is for, on which power it is sent, its id."""

    purpose: Purpose = Purpose.INTEGRATION
    legal_basis: LegalBasis = LegalBasis.SGB10_69
    request_id: str = ""


USUAL: Final = Terms()


def open_(
    said: ReferralRequested,
    sender: str,
    owner: str,
    at: datetime,
    before: Referral | None = None,
    terms: Terms = USUAL,
) -> Referral:
    """The referral after this request, which routing gave to this owner.

    `before` is what is remembered of the case. While that is open a second request is refused,
    whoever says it: both would share one life, the answer to the one would end the other, and the
    owner could not tell a repeat from a change. Who wants something else cancels first; who
    wants to pass it on forwards it, or asks on a case of their own. After the end a case may be
    asked anew. What nobody looked after (rejected, expired) keeps its filing date: asked anew
    for the same service, it may not become later (SGB I §16(2)).

    Raises Refusal: `referral-already-open`, `not-a-participant`, `filing-date-later`,
    `recipient-is-sender`.
    """
    if sender == owner:
        raise refusal(ProblemCode.RECIPIENT_IS_SENDER, field="recipient")
    if before is not None:
        _check_may_be_asked_anew(before, said, sender)
    return Referral(
        sender=sender,
        owner=owner,
        service=said.service,
        urgency=said.urgency,
        wished_place=said.wished_place,
        ags=said.client.ags,
        first_received_at=said.first_received_at,
        first_received_by=said.first_received_by,
        requested_at=at,
        since=at,
        purpose=terms.purpose,
        legal_basis=terms.legal_basis,
        request_id=terms.request_id,
        offer_id=said.offer_id,
        turned_down_by=_turned_down_by(before, said),
    )


def step(referral: L | None, said: ReferralStatusChanged, speaker: str, at: datetime) -> L:
    """The referral after this party said so at this time; None: no such referral is known.

    Raises Refusal: `case-unknown`, `not-a-participant`, `step-not-yours`, `step-out-of-order`
    (the last two with the steps that are allowed), `recipient-is-sender`.
    """
    if referral is None:
        raise refusal(ProblemCode.CASE_UNKNOWN, field="subject")
    side = side_of(referral, speaker)
    if side is None:
        raise refusal(ProblemCode.NOT_A_PARTICIPANT, field="subject")
    found = transitions.find(said.status, side, referral.situation)
    if found is None:
        other = transitions.belongs_to_another(said.status, side, referral.situation)
        code = ProblemCode.STEP_NOT_YOURS if other else ProblemCode.STEP_OUT_OF_ORDER
        raise _with_allowed(code, referral, speaker, "status")
    if said.new_owner in (referral.sender, referral.owner):
        detail = "A referral is forwarded to a third party; reject it to give it back."
        raise refusal(ProblemCode.RECIPIENT_IS_SENDER, detail, "new_owner")
    return taken(referral, found.after or referral.status, said, side, at)


def opened(referral: L | None, speaker: str, at: datetime) -> L:
    """The referral after somebody at its owner has opened it; that it was before changes nothing.

    Raises Refusal: `case-unknown`, `not-a-participant`, `step-not-yours`.
    """
    if referral is None:
        raise refusal(ProblemCode.CASE_UNKNOWN, field="subject")
    side = side_of(referral, speaker)
    if side is None:
        raise refusal(ProblemCode.NOT_A_PARTICIPANT, field="subject")
    if side is not Side.OWNER:
        raise refusal(ProblemCode.STEP_NOT_YOURS, "Only its owner says so.", "type")
    if referral.opened_at is not None or is_final(referral):
        return referral
    return replace(referral, opened_at=at)


def expire(referral: Referral, at: datetime) -> Referral:
    """The referral after nobody answered in time; raises Refusal if somebody has."""
    return step(referral, UNANSWERED, HUB, at)


def taken(referral: L, status: Status, said: ReferralStatusChanged, side: Side, at: datetime) -> L:
    """The referral after a permitted step, with the status that follows from it."""
    forwarded = said.new_owner is not None
    changes = forwarded or status is not referral.status
    answers = side is Side.OWNER and referral.status is Status.REQUESTED
    resting = status is Status.ON_HOLD
    former = dict.fromkeys((*referral.former_owners, referral.owner))
    return replace(
        referral,
        status=status,
        since=at if changes else referral.since,
        owner=said.new_owner or referral.owner,
        former_owners=tuple(former) if forwarded else referral.former_owners,
        requested_at=at if forwarded else referral.requested_at,
        opened_at=None if forwarded else referral.opened_at,
        answered_at=None if forwarded else at if answers else referral.answered_at,
        hold_since=(referral.hold_since or at) if resting else None,
        appointment=_appointment(referral, status, said),
        no_shows=referral.no_shows + (said.status is Step.NO_SHOW),
        cancellation_requested_by=_asked_to_cancel(referral, said.status),
        reason=said.reason if changes else referral.reason,
        outcome=said.outcome,
        steps=referral.steps + 1,
    )


def _check_may_be_asked_anew(before: Referral, said: ReferralRequested, sender: str) -> None:
    if not is_final(before):
        if side_of(before, sender) is None:
            raise refusal(ProblemCode.NOT_A_PARTICIPANT, field="subject")
        raise _with_allowed(ProblemCode.REFERRAL_ALREADY_OPEN, before, sender, "subject")
    is_the_same = before.status in NOT_DECIDED and before.service is said.service
    if is_the_same and said.first_received_at > before.first_received_at:
        raise refusal(ProblemCode.FILING_DATE_LATER, field="first_received_at")


def _turned_down_by(before: Referral | None, said: ReferralRequested) -> tuple[str, ...]:
    """Who has said already that they cannot help with this."""
    if before is None or before.service is not said.service:
        return ()
    if before.status is not Status.REJECTED:
        return before.turned_down_by
    return tuple(dict.fromkeys((*before.turned_down_by, before.owner)))


def _with_allowed(code: ProblemCode, referral: Life, party: str, field: str) -> Refusal:
    steps = ", ".join(allowed(referral, party)) or "nothing"
    return refusal(code, f"{TITLES[code]} Allowed now: {steps}.", field)


def _appointment(referral: Life, status: Status, said: ReferralStatusChanged) -> Appointment | None:
    """What is agreed from now on; said at the wrong moment it is passed over."""
    match said.status:
        case Step.APPOINTMENT_CANCELLED | Step.NO_SHOW:
            return None
        case Step.APPOINTMENT_MADE | Step.APPOINTMENT_MOVED | Step.ACCEPTED | Step.IN_PROGRESS:
            return said.appointment or referral.appointment
        case _:
            return referral.appointment if status in transitions.UNDER_WAY else None


def _asked_to_cancel(referral: Life, said: Step) -> str | None:
    match said:
        case Step.CANCELLATION_REQUESTED:
            return referral.sender
        case Step.CANCELLATION_DECLINED:
            return None
        case _:
            return referral.cancellation_requested_by
