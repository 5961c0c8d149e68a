"""What people say wrongly of referrals: each must be refused, for the reason that stands here."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Final

from schemas.envelope import Event
from schemas.events.referral_requested import ReferralRequested
from schemas.events.referral_status_changed import ReferralStatusChanged
from schemas.problems import ProblemCode
from schemas.vocabulary import LegalBasis, Purpose, ReferralStatus, Service, StatusReason, Urgency
from tests.support.district import BY_AGS, PARTIES
from tests.support.referral_stories import CONSENT, requested
from tests.year.offices import DARMSTADT, UNCOMMITTED
from tests.year.script.course import Why
from tests.year.script.referral_case import Phase, ReferralCase

OFTEN: Final = 0.12
"""How likely a mistake is where one may be made."""
NOWHERE: Final = "06432099"
REMEMBERED: Final = timedelta(days=20)
"""Within this time an id that is used again is recognised."""
Mistake = Callable[[ReferralCase], None]


def plant(case: ReferralCase) -> None:
    """Now and then a mistake that can be made as things stand."""
    if not case.happens(OFTEN):
        return
    case.soon(case.chance.choice((case.sender, case.owner)))
    if case.has_expired:
        return  # what is wrong now would be wrong for that reason
    possible = list(_possible(case))
    case.chance.choice(possible)(case)


def _possible(case: ReferralCase) -> Iterator[Mistake]:
    yield from (_outsider, _unknown_case, _by_another_power, _for_another_purpose, _long_ago)
    yield from (_ahead_of_time, _as_the_hub, _without_consent, _nowhere, _uncommitted, _to_carrier)
    reused = any(saying.wrong is ProblemCode.ID_REUSED for saying in case.course.said)
    if isinstance(case.asked.data, ReferralRequested) and not reused:
        yield _id_used_again
    if case.former:
        yield _former_owner
    if case.phase in (Phase.ASKED, Phase.UNDER_WAY):
        yield _asked_twice
        if not case.cancelling:
            yield _given_back
    if case.phase is Phase.ASKED:
        yield from (_answered_by_sender, _ended_unanswered)
    if case.phase is Phase.UNDER_WAY:
        yield _owner_asks_to_cancel
        if case.meeting is None:
            yield _no_show_without_appointment
    if case.phase is Phase.OVER:
        yield _after_the_end


def _outsider(case: ReferralCase) -> None:
    insiders = {case.sender, case.owner, case.asked.owner, *case.former}
    party = case.chance.choice([party for party in PARTIES if party not in insiders])
    case.step(party, ReferralStatus.ACCEPTED, wrong=ProblemCode.NOT_A_PARTICIPANT)


def _former_owner(case: ReferralCase) -> None:
    party = case.chance.choice(case.former)
    if party != case.owner:
        case.step(party, ReferralStatus.ACCEPTED, wrong=ProblemCode.NOT_A_PARTICIPANT)


def _unknown_case(case: ReferralCase) -> None:
    course, reason = case.course, StatusReason.CLIENT_DECLINED
    data = ReferralStatusChanged(status=ReferralStatus.CANCELLED, reason=reason)
    subject, wrong = course.desk.subject("R"), ProblemCode.CASE_UNKNOWN
    course.say(case.sender, data, case.asked.why, wrong=wrong, subject=subject)


def _any_step(
    case: ReferralCase,
    wrong: ProblemCode,
    why: Why | None = None,
    off: timedelta = timedelta(),
) -> None:
    """A step of the sender's that would be refused for nothing but this."""
    case.step(case.sender, ReferralStatus.ENTERED_IN_ERROR, wrong=wrong, why=why, off=off)


def _by_another_power(case: ReferralCase) -> None:
    why = (LegalBasis.BMG_34, case.asked.why[1])
    _any_step(case, ProblemCode.LEGAL_BASIS_NOT_PERMITTED, why=why)


def _for_another_purpose(case: ReferralCase) -> None:
    why = (case.asked.why[0], Purpose.DIRECTORY)
    _any_step(case, ProblemCode.PURPOSE_NOT_PERMITTED, why=why)


def _long_ago(case: ReferralCase) -> None:
    _any_step(case, ProblemCode.TOO_LATE, off=-timedelta(days=40))


def _ahead_of_time(case: ReferralCase) -> None:
    _any_step(case, ProblemCode.TIME_IN_FUTURE, off=timedelta(hours=1))


def _as_the_hub(case: ReferralCase) -> None:
    case.step(case.owner, ReferralStatus.EXPIRED, wrong=ProblemCode.STEP_NOT_YOURS)


def _asked_twice(case: ReferralCase) -> None:
    case.ask(case.asked.data, wrong=ProblemCode.REFERRAL_ALREADY_OPEN)


def _given_back(case: ReferralCase) -> None:
    wrong = ProblemCode.RECIPIENT_IS_SENDER
    case.step(case.owner, ReferralStatus.FORWARDED, new_owner=case.sender, wrong=wrong)


def _answered_by_sender(case: ReferralCase) -> None:
    case.step(case.sender, ReferralStatus.ACCEPTED, wrong=ProblemCode.STEP_NOT_YOURS)


def _ended_unanswered(case: ReferralCase) -> None:
    case.step(case.owner, ReferralStatus.COMPLETED, wrong=ProblemCode.STEP_OUT_OF_ORDER)


def _owner_asks_to_cancel(case: ReferralCase) -> None:
    reason = StatusReason.NO_LONGER_NEEDED
    status, wrong = ReferralStatus.CANCELLATION_REQUESTED, ProblemCode.STEP_NOT_YOURS
    case.step(case.owner, status, reason=reason, wrong=wrong)


def _no_show_without_appointment(case: ReferralCase) -> None:
    case.step(case.owner, ReferralStatus.NO_SHOW, wrong=ProblemCode.STEP_OUT_OF_ORDER)


def _after_the_end(case: ReferralCase) -> None:
    case.step(case.owner, ReferralStatus.IN_PROGRESS, wrong=ProblemCode.STEP_OUT_OF_ORDER)


def _id_used_again(case: ReferralCase) -> None:
    course, first = case.course, case.course.said[0]
    if course.now - first.at > REMEMBERED or not isinstance(first.event.data, ReferralRequested):
        return
    urgency = next(one for one in Urgency if one is not first.event.data.urgency)
    context = first.event.context.model_copy(update={"time": course.now})
    other = first.event.data.model_copy(update={"urgency": urgency})
    course.hand_in(Event(context, other), wrong=ProblemCode.ID_REUSED)


def _without_consent(case: ReferralCase) -> None:
    data = _anew(case, Service.BENEFIT_ADVICE).model_copy(update={"consent": None})
    _elsewhere(case, data, CONSENT, ProblemCode.FIELD_MISSING)


def _nowhere(case: ReferralCase) -> None:
    data = _anew(case, Service.BENEFIT_ADVICE)
    client = data.client.model_copy(update={"ags": NOWHERE})
    lost = data.model_copy(update={"client": client})
    _elsewhere(case, lost, case.asked.why, ProblemCode.AREA_UNKNOWN)


def _uncommitted(case: ReferralCase) -> None:
    data = _anew(case, Service.ADDICTION_COUNSELLING)
    _elsewhere(case, data, CONSENT, ProblemCode.COMMITMENT_MISSING, UNCOMMITTED)


def _to_carrier(case: ReferralCase) -> None:
    data = _anew(case, Service.BENEFIT_ADVICE)
    wrong = ProblemCode.RECIPIENT_NOT_PERMITTED
    _elsewhere(case, data, case.asked.why, wrong, DARMSTADT)


def _anew(case: ReferralCase, service: Service) -> ReferralRequested:
    desk = case.course.desk
    desk.now = case.course.now
    home = BY_AGS.get(case.sender, desk.town())
    return requested(desk, home, service, case.sender, why=CONSENT)


def _elsewhere(
    case: ReferralCase,
    data: ReferralRequested,
    why: Why,
    wrong: ProblemCode,
    recipient: str | None = None,
) -> None:
    """A request on a case of its own."""
    subject = case.course.desk.subject("R")
    case.course.say(case.sender, data, why, wrong=wrong, recipient=recipient, subject=subject)
