"""Every problem the hub and its doors can have with an event: stable codes (RFC 9457)."""

from enum import StrEnum
from typing import Annotated, Final

from pydantic import Field

from schemas.model import Frozen


class ProblemCode(StrEnum):
    """The stable code of a problem; a code is never renamed and never reused."""

    VALUE_UNREADABLE = "value-unreadable"
    EVENT_TOO_LARGE = "event-too-large"
    EVENT_TYPE_UNKNOWN = "event-type-unknown"
    ATTRIBUTE_MISSING = "attribute-missing"
    ATTRIBUTE_INVALID = "attribute-invalid"
    LEGAL_BASIS_MISSING = "legal-basis-missing"
    PURPOSE_MISSING = "purpose-missing"
    CLASSIFICATION_UNKNOWN = "classification-unknown"
    FIELD_MISSING = "field-missing"
    FIELD_INVALID = "field-invalid"
    FIELD_UNKNOWN = "field-unknown"
    FREE_TEXT_NOT_ALLOWED = "free-text-not-allowed"
    KEY_MISMATCH = "key-mismatch"
    WRONG_TOPIC = "wrong-topic"
    SOURCE_MISMATCH = "source-mismatch"
    SENDER_UNKNOWN = "sender-unknown"
    SENDER_NOT_PERMITTED = "sender-not-permitted"
    LEGAL_BASIS_NOT_PERMITTED = "legal-basis-not-permitted"
    PURPOSE_NOT_PERMITTED = "purpose-not-permitted"
    CLASSIFICATION_TOO_LOW = "classification-too-low"
    AREA_UNKNOWN = "area-unknown"
    RECIPIENT_UNKNOWN = "recipient-unknown"
    RECIPIENT_NOT_PERMITTED = "recipient-not-permitted"
    RECIPIENT_IS_SENDER = "recipient-is-sender"
    RECIPIENT_REQUIRED = "recipient-required"
    COMMITMENT_MISSING = "commitment-missing"
    NO_RECIPIENT = "no-recipient"
    CASE_UNKNOWN = "case-unknown"
    NOT_A_PARTICIPANT = "not-a-participant"
    STEP_NOT_YOURS = "step-not-yours"
    STEP_OUT_OF_ORDER = "step-out-of-order"
    REFERRAL_ALREADY_OPEN = "referral-already-open"
    FILING_DATE_LATER = "filing-date-later"
    TOO_LATE = "too-late"
    TIME_IN_FUTURE = "time-in-future"
    ID_REUSED = "id-reused"
    SIGNATURE_MISSING = "signature-missing"
    SIGNATURE_INVALID = "signature-invalid"
    SIGNATURE_EXPIRED = "signature-expired"
    SIGNING_KEY_UNKNOWN = "signing-key-unknown"
    SIGNING_KEY_REVOKED = "signing-key-revoked"
    SUBJECT_ERASED = "subject-erased"
    CONTENT_ENCRYPTED = "content-encrypted"


TITLES: Final[dict[ProblemCode, str]] = {
    ProblemCode.VALUE_UNREADABLE: "The event cannot be read; send UTF-8 JSON.",
    ProblemCode.EVENT_TOO_LARGE: "The event is larger than 64 KiB.",
    ProblemCode.EVENT_TYPE_UNKNOWN: "This event type or version does not exist.",
    ProblemCode.ATTRIBUTE_MISSING: "A required context attribute is missing.",
    ProblemCode.ATTRIBUTE_INVALID: "A context attribute has a value that is not allowed.",
    ProblemCode.LEGAL_BASIS_MISSING: "Name the legal basis in the attribute legalbasis.",
    ProblemCode.PURPOSE_MISSING: "Name the purpose in the attribute purpose.",
    ProblemCode.CLASSIFICATION_UNKNOWN: "The attribute dataclassification has an unknown level.",
    ProblemCode.FIELD_MISSING: "A required field is missing.",
    ProblemCode.FIELD_INVALID: "A field has a value that is not allowed.",
    ProblemCode.FIELD_UNKNOWN: "A field is not part of this event.",
    ProblemCode.FREE_TEXT_NOT_ALLOWED: "No free text with services of SGB II §16a; use codes.",
    ProblemCode.KEY_MISMATCH: "The record key must be the event's subject.",
    ProblemCode.WRONG_TOPIC: "This event type does not belong on this topic.",
    ProblemCode.SOURCE_MISMATCH: "The event's source names another party than its sender.",
    ProblemCode.SENDER_UNKNOWN: "The sender is not in the registry of parties.",
    ProblemCode.SENDER_NOT_PERMITTED: "The sender may not send this event type.",
    ProblemCode.LEGAL_BASIS_NOT_PERMITTED: "The sender has not declared this legal basis.",
    ProblemCode.PURPOSE_NOT_PERMITTED: "The purpose does not fit this event type.",
    ProblemCode.CLASSIFICATION_TOO_LOW: "The event carries social data but is classified lower.",
    ProblemCode.AREA_UNKNOWN: "The district has no municipality with this key.",
    ProblemCode.RECIPIENT_UNKNOWN: "The recipient is not in the registry of parties.",
    ProblemCode.RECIPIENT_NOT_PERMITTED: "The recipient may not receive this event.",
    ProblemCode.RECIPIENT_IS_SENDER: "The event would go back to its sender.",
    ProblemCode.RECIPIENT_REQUIRED: "Name the recipient of a referral to a local offer.",
    ProblemCode.COMMITMENT_MISSING: "The recipient has not committed under SGB X §78.",
    ProblemCode.NO_RECIPIENT: "Nobody needs this event.",
    ProblemCode.CASE_UNKNOWN: "Nothing was sent on this case before.",
    ProblemCode.NOT_A_PARTICIPANT: "The sender has no part in this case.",
    ProblemCode.STEP_NOT_YOURS: "This step of a referral is another party's.",
    ProblemCode.STEP_OUT_OF_ORDER: "This cannot be said of the referral as it stands.",
    ProblemCode.REFERRAL_ALREADY_OPEN: "A referral is open on this case.",
    ProblemCode.FILING_DATE_LATER: "The filing date may not become later (SGB I §16(2)).",
    ProblemCode.TOO_LATE: "The event is older than may be sent.",
    ProblemCode.TIME_IN_FUTURE: "The event's time lies in the future; check the clock.",
    ProblemCode.ID_REUSED: "This id was used before for another content.",
    ProblemCode.SIGNATURE_MISSING: "The event is not signed.",
    ProblemCode.SIGNATURE_INVALID: "The signature is not of this event as it came in.",
    ProblemCode.SIGNATURE_EXPIRED: "The signature was not made at a time that counts.",
    ProblemCode.SIGNING_KEY_UNKNOWN: "The signature is by no key of the event's sender.",
    ProblemCode.SIGNING_KEY_REVOKED: "The key of the signature was revoked.",
    ProblemCode.SUBJECT_ERASED: "This case was erased; nothing more may be said of it.",
    ProblemCode.CONTENT_ENCRYPTED: "The content is encrypted, and no key that is here opens it.",
}
"""What each code says to the sender: one sentence, with the remedy where there is one."""


class Problem(Frozen):
    """One problem with an event, without any of the event's content (RFC 9457 members)."""

    code: ProblemCode
    """The stable code; `type` in RFC 9457 is `urn:kurze-wege:problem:<code>`."""
    detail: Annotated[str, Field(max_length=300)]
    """What is wrong and what to do, in words; never a value from the event's data."""
    field: Annotated[str, Field(max_length=200)] | None = None
    """The attribute or field it is about, dotted: `client.birth_date`."""

    @property
    def type(self) -> str:
        """The problem type's URI."""
        return f"urn:kurze-wege:problem:{self.code}"

    @property
    def title(self) -> str:
        """The code's sentence."""
        return TITLES[self.code]


def problem(code: ProblemCode, detail: str = "", field: str | None = None) -> Problem:
    """A problem with its code's own sentence where no detail is given."""
    return Problem(code=code, detail=detail or TITLES[code], field=field)
