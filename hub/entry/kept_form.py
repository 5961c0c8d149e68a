"""What somebody typed, kept while they show who they are: sealed, for nobody but them.

It travels in their own browser's page; nothing of it is stored here.
"""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Final, NamedTuple

from hub.access.sealing import Seal
from hub.access.sessions import REMEMBERED

KEPT: Final = "kept"
"""The field in which it travels."""
ANYBODY: Final = ""
"""Whose it is where no session told; the browser it was typed in is all that is known."""


class KeptForm(NamedTuple):
    """A form that was sent too late."""

    path: str
    """Where it was sent to."""
    fields: Sequence[tuple[str, str]]
    """Names and values, without the token."""


def close(seal: Seal, form: KeptForm, clerk: str, now: datetime, nonce: bytes) -> str:
    """The form, readable only for this clerk's next session."""
    text = json.dumps([now.timestamp(), form.path, [list(field) for field in form.fields]])
    return seal.close(text, _about(clerk), nonce)


def open_(seal: Seal, sealed: str, clerk: str, now: datetime) -> KeptForm | None:
    """What this clerk typed, or somebody who was not known; None if it is another's, or old."""
    if not sealed:
        return None
    text = seal.open(sealed, _about(clerk)) or seal.open(sealed, _about(ANYBODY))
    if text is None:
        return None
    at, path, fields = json.loads(text)
    if now.timestamp() - at > REMEMBERED.total_seconds():
        return None
    return KeptForm(path, [(name, value) for name, value in fields])


def _about(clerk: str) -> str:
    return f"kept:{clerk}"
