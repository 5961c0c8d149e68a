"""The closed lists: every code that may stand on the wire, and where it comes from."""

from enum import StrEnum
from typing import Final


class Classification(StrEnum):
    """How well the data must be kept; an unknown level is refused (CloudEvents extension)."""

    PUBLIC = "public"
    INTERNAL = "internal"
    SOCIAL = "social"  # Sozialdaten, SGB X §67(2)


class Purpose(StrEnum):
    """What the data may be used for by whoever receives them (SGB X §67c)."""

    BENEFITS = "benefits"  # SGB II chapter 3
    INTEGRATION = "integration"  # SGB II §§14-16
    MUNICIPAL_SERVICES = "municipal-services"  # SGB II §16a
    RESIDENCE = "residence"  # keeping addresses true
    JURISDICTION = "jurisdiction"  # SGB X §2, SGB II §36
    PROTECTION = "protection"  # BMG §51
    DIRECTORY = "directory"  # knowing the offers on the spot, SGB I §17
    ACCOUNTABILITY = "accountability"  # receipts and ledger, GDPR Art. 5(2)


class LegalBasis(StrEnum):
    """The power on which data are transmitted; sender and recipient must both have it."""

    SGB1_16_2 = "sgb1-16-2"  # forwarding an application filed elsewhere
    SGB1_17 = "sgb1-17"  # carriers and municipalities working together
    SGB1_60 = "sgb1-60"  # the client's own duty to report changes
    SGB2_16A = "sgb2-16a"  # municipal integration services
    SGB10_2_3 = "sgb10-2-3"  # continued payment after a change of jurisdiction
    SGB10_67B = "sgb10-67b"  # consent
    SGB10_69 = "sgb10-69"  # for own or the recipient's statutory social task
    BMG_33_4 = "bmg-33-4"  # passing on an Auskunftssperre
    BMG_34 = "bmg-34"  # data to another public body, as needed for its task
    GDPR_5_2 = "gdpr-5-2"  # being able to prove what was done


class Service(StrEnum):
    """What a client is referred to."""

    CHILDCARE_AND_CARE = "childcare_and_care"
    DEBT_COUNSELLING = "debt_counselling"
    PSYCHOSOCIAL_SUPPORT = "psychosocial_support"
    ADDICTION_COUNSELLING = "addiction_counselling"
    BENEFIT_ADVICE = "benefit_advice"
    JOB_PLACEMENT = "job_placement"
    CASE_MANAGEMENT_ON_SITE = "case_management_on_site"
    HOUSING_COSTS = "housing_costs"
    LOCAL_OFFER = "local_offer"


MUNICIPAL_SERVICES: Final = frozenset(
    {
        Service.CHILDCARE_AND_CARE,
        Service.DEBT_COUNSELLING,
        Service.PSYCHOSOCIAL_SUPPORT,
        Service.ADDICTION_COUNSELLING,
    }
)
"""The four of SGB II §16a. No free text travels with them (§203 StGB, SGB X §76)."""


class Urgency(StrEnum):
    """FHIR request priority."""

    ROUTINE = "routine"
    URGENT = "urgent"
    ASAP = "asap"


class MeetingPlace(StrEnum):
    """Where client and counsellor meet."""

    TOWN_HALL = "town_hall"
    KRANICHSTEIN = "kranichstein"
    PHONE = "phone"
    HOME_VISIT = "home_visit"


class ReferralStatus(StrEnum):
    """What is said of a referral: Gravity's FHIR Task states, and steps on the way (BSeR)."""

    ACCEPTED = "accepted"
    REJECTED = "rejected"
    ON_HOLD = "on-hold"
    IN_PROGRESS = "in-progress"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"
    ENTERED_IN_ERROR = "entered-in-error"
    FORWARDED = "forwarded"  # a new owner has it, as requested (SGB I §16(2))
    EXPIRED = "expired"  # nobody answered in time; said by the hub only
    CANCELLATION_REQUESTED = "cancellation-requested"  # the sender asks the owner to cancel
    CANCELLATION_DECLINED = "cancellation-declined"  # the owner goes on
    APPOINTMENT_MADE = "appointment-made"
    APPOINTMENT_MOVED = "appointment-moved"
    APPOINTMENT_CANCELLED = "appointment-cancelled"
    NO_SHOW = "no-show"  # the client did not come to the appointment


class StatusReason(StrEnum):
    """Why a referral was rejected, held, cancelled or failed, or shall be cancelled."""

    AT_CAPACITY = "at_capacity"
    NOT_RESPONSIBLE = "not_responsible"
    NOT_ELIGIBLE = "not_eligible"
    CLIENT_DECLINED = "client_declined"
    CLIENT_NOT_REACHED = "client_not_reached"
    CLIENT_DID_NOT_ATTEND = "client_did_not_attend"
    CLIENT_MOVED_AWAY = "client_moved_away"
    DOCUMENTS_MISSING = "documents_missing"
    DUPLICATE = "duplicate"
    RAISED_IN_ERROR = "raised_in_error"
    NO_LONGER_NEEDED = "no_longer_needed"
    NO_ANSWER = "no_answer"


class Outcome(StrEnum):
    """How a completed referral ended; codes only, no counselling content (SGB X §76)."""

    SERVICE_RECEIVED = "service_received"
    ENROLLED = "enrolled"
    NOT_ENROLLED = "not_enrolled"
    WAITLISTED = "waitlisted"
    REFERRED_ON = "referred_on"


class AwaitedStep(StrEnum):
    """What others wait for a party to do, within the working days agreed."""

    ANSWER = "answer"  # accepting, rejecting or forwarding a referral
    OUTCOME = "outcome"  # saying how an accepted referral ended
    CANCELLATION = "cancellation"  # confirming or declining it
    COLLECTION = "collection"  # fetching what lies in the mailbox
    ASSURANCE = "assurance"  # saying again that an offer is as it was published
    CONTINUATION = "continuation"  # a hand-over going on at the new carrier, SGB X §2(3)


class Door(StrEnum):
    """By which connector an event comes in."""

    FILE_DROP = "file_drop"
    HTTP_API = "http_api"
    SQL_OUTBOX = "sql_outbox"


class ReportedBy(StrEnum):
    """Who told of a change (SGB X §67a(2): the person first)."""

    CLIENT = "client"
    REGISTER = "register"
    THIRD_PARTY = "third_party"


class WithdrawalReason(StrEnum):
    """Why something said before is taken back."""

    ENTERED_IN_ERROR = "entered_in_error"
    DID_NOT_HAPPEN = "did_not_happen"
    NO_LONGER_OFFERED = "no_longer_offered"


class OfferCategory(StrEnum):
    """What kind of support an offer is."""

    COUNSELLING = "counselling"
    CHILDCARE = "childcare"
    LANGUAGE = "language"
    QUALIFICATION = "qualification"
    HEALTH = "health"
    HOUSING = "housing"
    MEETING = "meeting"
    MATERIAL_HELP = "material_help"


class MatchReason(StrEnum):
    """What counts for an offer that is held against a referral, or against it."""

    ASKED_FOR = "asked_for"
    ANSWERS_SERVICE = "answers_service"
    SAME_KIND = "same_kind"
    SERVES_PLACE = "serves_place"
    SHARED_LANGUAGE = "shared_language"
    LANGUAGE_NOT_KNOWN = "language_not_known"
    NO_SHARED_LANGUAGE = "no_shared_language"
    PLACES_FREE = "places_free"
    PLACES_NOT_KNOWN = "places_not_known"
    ASSESSMENT_FIRST = "assessment_first"
    WAITING_LIST = "waiting_list"
    SAME_TOWN = "same_town"
    NEIGHBOURING_TOWN = "neighbouring_town"
    FARTHER_AWAY = "farther_away"
    DISTANCE_NOT_KNOWN = "distance_not_known"
    BY_PHONE = "by_phone"
    FRESH = "fresh"
    FADING = "fading"
    WITHDRAWN = "withdrawn"
    OTHER_SERVICE = "other_service"
    PLACE_NOT_SERVED = "place_not_served"
    FADED = "faded"
    FULL = "full"


class CapacityStatus(StrEnum):
    """Gravity's capacity statuses."""

    CAPACITY = "capacity"
    NO_CAPACITY = "no-capacity"
    WAITLIST = "waitlist"
    ADDITIONAL_ASSESSMENT_REQUIRED = "additional-assessment-required"


class Verdict(StrEnum):
    """What the hub did with an event."""

    ROUTED = "routed"
    REFUSED = "refused"
    REPEATED = "repeated"
    TIMED = "timed"  # no event: a time was over
    NOTED = "noted"  # no event: one lane told the others of an offer
