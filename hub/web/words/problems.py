"""What each of the hub's refusals means to a clerk; the codes are `schemas.problems`."""

from typing import Final

from hub.pages.marking import N_
from schemas.problems import ProblemCode

_OURS: Final = N_("This is a fault of the software, not yours: please tell operations the code.")
_UNPROVEN: Final = N_(
    "The hub cannot tell that this came from your office: please tell operations the code."
)

PROBLEMS: Final = {
    ProblemCode.VALUE_UNREADABLE: _OURS,
    ProblemCode.EVENT_TOO_LARGE: N_("There is too much text; shorten it."),
    ProblemCode.EVENT_TYPE_UNKNOWN: _OURS,
    ProblemCode.ATTRIBUTE_MISSING: _OURS,
    ProblemCode.ATTRIBUTE_INVALID: _OURS,
    ProblemCode.LEGAL_BASIS_MISSING: N_("The legal basis is missing."),
    ProblemCode.PURPOSE_MISSING: N_("The purpose is missing."),
    ProblemCode.CLASSIFICATION_UNKNOWN: _OURS,
    ProblemCode.FIELD_MISSING: N_("An entry that is needed is missing."),
    ProblemCode.FIELD_INVALID: N_("An entry has a form that is not allowed."),
    ProblemCode.FIELD_UNKNOWN: _OURS,
    ProblemCode.FREE_TEXT_NOT_ALLOWED: N_(
        "No remark may travel with a service of SGB II §16a; send it again without."
    ),
    ProblemCode.KEY_MISMATCH: _OURS,
    ProblemCode.WRONG_TOPIC: _OURS,
    ProblemCode.SOURCE_MISMATCH: _OURS,
    ProblemCode.SENDER_UNKNOWN: N_("Your party is not in the registry; tell operations."),
    ProblemCode.SENDER_NOT_PERMITTED: N_("Your party may not send this."),
    ProblemCode.LEGAL_BASIS_NOT_PERMITTED: N_(
        "Your party has not declared this legal basis; choose another."
    ),
    ProblemCode.PURPOSE_NOT_PERMITTED: N_("The purpose does not fit; choose another."),
    ProblemCode.CLASSIFICATION_TOO_LOW: _OURS,
    ProblemCode.AREA_UNKNOWN: N_("The district has no such municipality."),
    ProblemCode.RECIPIENT_UNKNOWN: N_("There is no such party; choose another."),
    ProblemCode.RECIPIENT_NOT_PERMITTED: N_("This party may not get it; choose another."),
    ProblemCode.RECIPIENT_IS_SENDER: N_("It would come back to yourselves; choose another party."),
    ProblemCode.RECIPIENT_REQUIRED: N_("Name the party that a local offer's referral goes to."),
    ProblemCode.COMMITMENT_MISSING: N_(
        "This provider has not committed itself under SGB X §78 yet; it may not get social data."
    ),
    ProblemCode.NO_RECIPIENT: N_("Nobody offers this service at the place; name a party."),
    ProblemCode.CASE_UNKNOWN: N_("The hub does not know this case."),
    ProblemCode.NOT_A_PARTICIPANT: N_("Your party has no part in this case any more."),
    ProblemCode.STEP_NOT_YOURS: N_("This step is the other party's."),
    ProblemCode.STEP_OUT_OF_ORDER: N_(
        "The other party was faster: the case has moved on. Look at it again."
    ),
    ProblemCode.REFERRAL_ALREADY_OPEN: N_("A referral is open on this case already."),
    ProblemCode.FILING_DATE_LATER: N_(
        "The filing date may not become later than it was (SGB I §16(2))."
    ),
    ProblemCode.TOO_LATE: N_("It waited too long to be sent; say it again."),
    ProblemCode.TIME_IN_FUTURE: N_("The clock of this machine is wrong; tell operations."),
    ProblemCode.ID_REUSED: _OURS,
    ProblemCode.SUBJECT_ERASED: N_("This case was erased at the person's request; it is over."),
    ProblemCode.CONTENT_ENCRYPTED: _OURS,
    ProblemCode.SIGNATURE_MISSING: _UNPROVEN,
    ProblemCode.SIGNATURE_INVALID: _UNPROVEN,
    ProblemCode.SIGNATURE_EXPIRED: _UNPROVEN,
    ProblemCode.SIGNING_KEY_UNKNOWN: _UNPROVEN,
    ProblemCode.SIGNING_KEY_REVOKED: _UNPROVEN,
}
