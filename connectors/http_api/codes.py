"""The stable codes of this door's problems, their words and their HTTP status."""

from enum import StrEnum
from typing import Final

from connectors.callers import codes as callers
from connectors.callers.codes import CallerCode
from schemas.problems import TITLES, ProblemCode


class HttpCode(StrEnum):
    """The stable code of a problem with the request itself; never renamed, never reused."""

    BODY_TOO_LARGE = "body-too-large"
    BODY_TOO_SLOW = "body-too-slow"
    BATCH_TOO_LONG = "batch-too-long"
    CONTENT_TYPE_UNSUPPORTED = "content-type-unsupported"
    CONTENT_ENCODING_UNSUPPORTED = "content-encoding-unsupported"
    BUSY = "busy"
    NOT_ACKNOWLEDGED = "not-acknowledged"
    NOT_FOUND = "not-found"
    METHOD_NOT_ALLOWED = "method-not-allowed"
    FAULT_OF_OURS = "fault-of-ours"


Code = HttpCode | CallerCode | ProblemCode

HTTP_TITLES: Final[dict[HttpCode, str]] = {
    HttpCode.BODY_TOO_LARGE: "The body is larger than this door takes; send fewer events at once.",
    HttpCode.BODY_TOO_SLOW: "The body did not arrive in time; send it again.",
    HttpCode.BATCH_TOO_LONG: "The batch has more events than this door takes at once; split it.",
    HttpCode.CONTENT_TYPE_UNSUPPORTED: "Send application/cloudevents+json, "
    "application/cloudevents-batch+json, or application/json with ce- headers; all UTF-8.",
    HttpCode.CONTENT_ENCODING_UNSUPPORTED: "Send the body uncompressed.",
    HttpCode.BUSY: "Too many requests are waiting; nothing was taken, send this one again later.",
    HttpCode.NOT_ACKNOWLEDGED: "Kafka has not acknowledged the events; send the same ones again "
    "later, with the same ids.",
    HttpCode.NOT_FOUND: "There is nothing here; events go to /events.",
    HttpCode.METHOD_NOT_ALLOWED: "This method is not offered here.",
    HttpCode.FAULT_OF_OURS: "A fault of ours; send the same events again later, with the same ids.",
}
"""What each code says to the sender: one sentence, with the remedy."""

CONTRACT_STATUS: Final = 422
STATUS: Final[dict[Code, int]] = {
    ProblemCode.VALUE_UNREADABLE: 400,
    ProblemCode.EVENT_TOO_LARGE: 413,
    ProblemCode.SOURCE_MISMATCH: 403,
    ProblemCode.SENDER_NOT_PERMITTED: 403,
    ProblemCode.EVENT_TYPE_UNKNOWN: CONTRACT_STATUS,
    ProblemCode.ATTRIBUTE_MISSING: CONTRACT_STATUS,
    ProblemCode.ATTRIBUTE_INVALID: CONTRACT_STATUS,
    ProblemCode.LEGAL_BASIS_MISSING: CONTRACT_STATUS,
    ProblemCode.PURPOSE_MISSING: CONTRACT_STATUS,
    ProblemCode.CLASSIFICATION_UNKNOWN: CONTRACT_STATUS,
    ProblemCode.FIELD_MISSING: CONTRACT_STATUS,
    ProblemCode.FIELD_INVALID: CONTRACT_STATUS,
    ProblemCode.FIELD_UNKNOWN: CONTRACT_STATUS,
    ProblemCode.FREE_TEXT_NOT_ALLOWED: CONTRACT_STATUS,
    HttpCode.BODY_TOO_LARGE: 413,
    HttpCode.BODY_TOO_SLOW: 408,
    HttpCode.BATCH_TOO_LONG: 413,
    HttpCode.CONTENT_TYPE_UNSUPPORTED: 415,
    HttpCode.CONTENT_ENCODING_UNSUPPORTED: 415,
    HttpCode.BUSY: 503,
    HttpCode.NOT_ACKNOWLEDGED: 503,
    HttpCode.NOT_FOUND: 404,
    HttpCode.METHOD_NOT_ALLOWED: 405,
    HttpCode.FAULT_OF_OURS: 500,
    **{code: meaning.status for code, meaning in callers.MEANINGS.items()},
}
"""The status of each code the door can say; other codes come later, as `receipt.refused`."""


def title(code: Code) -> str:
    """The code's sentence."""
    if isinstance(code, CallerCode):
        return callers.MEANINGS[code].title
    return HTTP_TITLES[code] if isinstance(code, HttpCode) else TITLES[code]
