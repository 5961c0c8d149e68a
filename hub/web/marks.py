"""What a form carries besides its fields: the version of its case, and its own mark."""

import uuid
from datetime import UTC, datetime
from typing import Final

from starlette.datastructures import FormData
from starlette.exceptions import HTTPException

MOST_DIGITS: Final = 18
MARK: Final = 32
"""The characters of a mark: twelve for the time, the others by chance (as UUID version 7)."""
TIME: Final = 12
_HEX: Final = frozenset("0123456789abcdef")


def version(sent: FormData) -> int:
    """The version in a form; a form that never stood on a page is answered with 400."""
    typed = sent.get("version")
    if not (isinstance(typed, str) and typed.isascii() and typed.isdigit()):
        raise HTTPException(400)
    if len(typed) > MOST_DIGITS:
        raise HTTPException(400)
    return int(typed)


def new(now: datetime) -> str:
    """What makes a form one of a kind, so that it counts once however often it is sent."""
    return f"{round(now.timestamp() * 1000):012x}{uuid.uuid4().hex[TIME:]}"


def form(sent: FormData) -> str:
    """The form's one-time mark; a form without one is answered with 400."""
    typed = sent.get("form")
    if not (isinstance(typed, str) and len(typed) == MARK and set(typed) <= _HEX):
        raise HTTPException(400)
    return typed


def shown_at(mark: str, now: datetime) -> datetime:
    """When the form was shown: the same however often it is sent, and never after now."""
    said = int(mark[:TIME], 16) / 1000
    return datetime.fromtimestamp(min(said, now.timestamp()), UTC)


def sign_of(mark: str) -> str:
    """A sign for a client who has none yet: the same however often the form is sent."""
    return f"P-{mark[-TIME:]}"
