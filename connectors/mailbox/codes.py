"""The stable codes of the mailbox's problems, their words and their HTTP status."""

from enum import StrEnum
from typing import Final

from connectors.callers import codes as callers
from connectors.callers.codes import CallerCode, Meaning


class Code(StrEnum):
    """The stable code of a problem with a request; never renamed, never reused."""

    MAILBOX_NOT_YOURS = "mailbox-not-yours"
    PARAMETER_INVALID = "parameter-invalid"
    ITEM_UNKNOWN = "item-unknown"
    ITEM_NOT_COLLECTED = "item-not-collected"
    ITEM_ACKNOWLEDGED = "item-acknowledged"
    ITEM_EXPIRED = "item-expired"
    DATABASE_AWAY = "database-away"
    NOT_FOUND = "not-found"
    METHOD_NOT_ALLOWED = "method-not-allowed"
    FAULT_OF_OURS = "fault-of-ours"


MEANINGS: Final[dict[Code, Meaning]] = {
    Code.MAILBOX_NOT_YOURS: Meaning(403, "This mailbox belongs to another party."),
    Code.PARAMETER_INVALID: Meaning(400, "A parameter has a value that is not allowed."),
    Code.ITEM_UNKNOWN: Meaning(404, "There is no such item in your mailbox."),
    Code.ITEM_NOT_COLLECTED: Meaning(409, "Fetch the item's content before you acknowledge it."),
    Code.ITEM_ACKNOWLEDGED: Meaning(410, "You have acknowledged this item; it is not kept here."),
    Code.ITEM_EXPIRED: Meaning(410, "Nobody acknowledged this item in time; it was erased."),
    Code.DATABASE_AWAY: Meaning(503, "The mailbox cannot be read now; send the request again."),
    Code.NOT_FOUND: Meaning(404, "There is nothing here; see the mailbox's README."),
    Code.METHOD_NOT_ALLOWED: Meaning(405, "This method is not offered here."),
    Code.FAULT_OF_OURS: Meaning(500, "A fault of ours; send the request again later."),
}


def meaning(code: Code | CallerCode) -> Meaning:
    """The code's status and sentence."""
    return callers.MEANINGS[code] if isinstance(code, CallerCode) else MEANINGS[code]
