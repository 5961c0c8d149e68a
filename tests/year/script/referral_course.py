"""A referral from its request to its answer: in time, late or never; and asked anew."""

from datetime import timedelta
from typing import Final

from schemas.events.referral_requested import ReferralRequested
from schemas.problems import ProblemCode
from schemas.vocabulary import ReferralStatus, StatusReason
from tests.year import working_days
from tests.year.offices import BY_ID
from tests.year.script.habits import NEVER
from tests.year.script.referral_block import shield
from tests.year.script.referral_case import Phase, Plant, ReferralCase
from tests.year.script.referral_under_way import go_on

MOST_FORWARDS: Final = 2
MOST_ASKINGS: Final = 2
SELDOM: Final = 0.06
SHIELDED: Final = 0.02
TOO_LATE: Final = ProblemCode.STEP_OUT_OF_ORDER
"""How an answer is refused that comes after the referral has expired."""


def tell(case: ReferralCase, plant: Plant) -> None:
    """Say all of it, with a mistake wherever `plant` puts one."""
    case.ask(case.asked.data)
    while case.phase in (Phase.ASKED, Phase.UNDER_WAY):
        plant(case)
        if case.happens(SHIELDED):
            shield(case)
        if case.phase is Phase.UNDER_WAY:
            go_on(case)
        elif case.happens(SELDOM):
            _taken_back(case)
        else:
            _answer(case)
    plant(case)


def forward(case: ReferralCase) -> bool:
    """To another town, if chance finds one that may have it; whether it did."""
    town = case.course.desk.town(but=case.owner).ags
    if case.forwards == MOST_FORWARDS or town == case.sender:
        return False
    case.forward_to(town)
    return True


def _answer(case: ReferralCase) -> None:
    office, share = BY_ID[case.owner], case.habits.answers(case.owner)
    if share is NEVER:
        case.course.wait_until(office, case.expires_at + timedelta(hours=1))
    else:
        end = working_days.end_of_limit(office, case.asked_at, office.answer)
        whole = working_days.worked(office, case.asked_at, end)
        case.course.wait_until(office, working_days.after(office, case.asked_at, whole * share))
    if case.has_expired:
        _unanswered(case)
    elif case.happens(0.11):
        reason = case.chance.choice((StatusReason.AT_CAPACITY, StatusReason.NOT_RESPONSIBLE))
        case.step(case.owner, ReferralStatus.REJECTED, reason=reason)
        _asked_anew(case, 0.3)
    elif not (case.happens(0.08) and forward(case)):
        case.accept()


def _taken_back(case: ReferralCase) -> None:
    """The sender cancels, or never meant it."""
    case.soon(case.sender)
    if case.happens(0.6):
        wrong = TOO_LATE if case.has_expired else None
        reason = StatusReason.CLIENT_DECLINED
        case.step(case.sender, ReferralStatus.CANCELLED, reason=reason, wrong=wrong)
    else:
        case.step(case.sender, ReferralStatus.ENTERED_IN_ERROR)
    case.end()


def _unanswered(case: ReferralCase) -> None:
    """It has expired; some answer all the same."""
    if case.happens(0.4):
        case.step(case.owner, ReferralStatus.ACCEPTED, wrong=TOO_LATE)
    _asked_anew(case, 0.4)


def _asked_anew(case: ReferralCase, probability: float) -> None:
    """Nobody looked after the client: the sender may ask again, with the first filing date."""
    data = case.asked.data
    case.end()
    is_asked = case.askings < MOST_ASKINGS and case.happens(probability)
    if not is_asked or not isinstance(data, ReferralRequested):
        return
    case.soon(case.sender)
    if case.happens(0.3):
        later = data.first_received_at + timedelta(minutes=1)
        late = data.model_copy(update={"first_received_at": later})
        case.ask(late, wrong=ProblemCode.FILING_DATE_LATER)
        case.soon(case.sender)
    case.ask(data)
