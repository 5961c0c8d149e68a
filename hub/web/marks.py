"""What a form carries besides its fields: the version of its case, and its own mark."""

from typing import Final

from starlette.datastructures import FormData
from starlette.exceptions import HTTPException

MOST_DIGITS: Final = 18


def version(sent: FormData) -> int:
    """The version in a form; a form that never stood on a page is answered with 400."""
    typed = sent.get("version")
    if not (isinstance(typed, str) and typed.isascii() and typed.isdigit()):
        raise HTTPException(400)
    if len(typed) > MOST_DIGITS:
        raise HTTPException(400)
    return int(typed)


def form_mark(sent: FormData) -> str:
    """The form's one-time mark; a form without one is answered with 400."""
    typed = sent.get("form")
    if not (isinstance(typed, str) and typed.isalnum() and typed.isascii() and len(typed) == 32):  # noqa: PLR2004 - a UUID
        raise HTTPException(400)
    return typed
