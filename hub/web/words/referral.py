"""The words of a referral: what was asked for, how it stands, and why."""

from typing import Final

from hub.domain.transitions import Status
from hub.pages.marking import N_
from schemas.vocabulary import MeetingPlace, Outcome, Service, StatusReason, Urgency

SERVICES: Final = {
    Service.CHILDCARE_AND_CARE: N_("Childcare and care of relatives"),
    Service.DEBT_COUNSELLING: N_("Debt counselling"),
    Service.PSYCHOSOCIAL_SUPPORT: N_("Psychosocial support"),
    Service.ADDICTION_COUNSELLING: N_("Addiction counselling"),
    Service.BENEFIT_ADVICE: N_("Advice on benefits"),
    Service.JOB_PLACEMENT: N_("Job placement"),
    Service.CASE_MANAGEMENT_ON_SITE: N_("Case management in the town hall"),
    Service.HOUSING_COSTS: N_("Costs of housing"),
    Service.LOCAL_OFFER: N_("A local offer"),
}
URGENCIES: Final = {
    Urgency.ROUTINE: N_("normal"),
    Urgency.URGENT: N_("urgent"),
    Urgency.ASAP: N_("as soon as possible"),
}
PLACES: Final = {
    MeetingPlace.TOWN_HALL: N_("In the town hall"),
    MeetingPlace.KRANICHSTEIN: N_("In Kranichstein"),
    MeetingPlace.PHONE: N_("By phone"),
    MeetingPlace.HOME_VISIT: N_("At the client's home"),
}
STATUSES: Final = {
    Status.REQUESTED: N_("requested"),
    Status.ACCEPTED: N_("accepted"),
    Status.IN_PROGRESS: N_("in progress"),
    Status.ON_HOLD: N_("on hold"),
    Status.REJECTED: N_("rejected"),
    Status.CANCELLED: N_("cancelled"),
    Status.COMPLETED: N_("completed"),
    Status.FAILED: N_("failed"),
    Status.EXPIRED: N_("expired"),
    Status.ENTERED_IN_ERROR: N_("entered in error"),
}
REASONS: Final = {
    StatusReason.AT_CAPACITY: N_("No capacity at the moment"),
    StatusReason.NOT_RESPONSIBLE: N_("Not responsible"),
    StatusReason.NOT_ELIGIBLE: N_("The requirements are not met"),
    StatusReason.CLIENT_DECLINED: N_("The client does not want it"),
    StatusReason.CLIENT_NOT_REACHED: N_("The client cannot be reached"),
    StatusReason.CLIENT_DID_NOT_ATTEND: N_("The client did not come"),
    StatusReason.CLIENT_MOVED_AWAY: N_("The client has moved away"),
    StatusReason.DOCUMENTS_MISSING: N_("Documents are missing"),
    StatusReason.DUPLICATE: N_("Asked for twice"),
    StatusReason.RAISED_IN_ERROR: N_("Asked for by mistake"),
    StatusReason.NO_LONGER_NEEDED: N_("No longer needed"),
    StatusReason.NO_ANSWER: N_("Nobody answered in time"),
}
OUTCOMES: Final = {
    Outcome.SERVICE_RECEIVED: N_("Support was given"),
    Outcome.ENROLLED: N_("Has a place"),
    Outcome.NOT_ENROLLED: N_("Has no place"),
    Outcome.WAITLISTED: N_("Is on the waiting list"),
    Outcome.REFERRED_ON: N_("Was referred on"),
}
