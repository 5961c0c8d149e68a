"""Who does something at the desk, and why, as the journal says it."""

from starlette.requests import Request

from hub.board import words
from hub.entry.gate import clerk_of
from hub.letters.journal import REASON_LENGTH, is_reason
from hub.pages.forms import Form


def who(request: Request) -> str:
    """The name for colleagues, and the id, which is nobody else's."""
    clerk = clerk_of(request)
    return f"{clerk.name} ({clerk.id})"


def read_reason(form: Form) -> str:
    """The reason that was typed; what is wrong with it is noted."""
    reason = form.text("reason", REASON_LENGTH, words.NEEDS_REASON) or ""
    if reason and not is_reason(reason):
        form.wrong("reason", words.NEEDS_REASON)
    return reason
