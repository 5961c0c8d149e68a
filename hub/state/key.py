"""What the key of an entry says: its family, and the subject that it is about.

`<family>/…/<subject>`; what is remembered of an event stands under a digest instead, a position
under its topic.
"""

from typing import Final

from hub.domain import probing, recognition
from hub.state.memory import POSITION

WITHOUT_SUBJECT: Final = (recognition.FAMILY, probing.FAMILY, POSITION)


def family(key: bytes) -> str:
    """What it begins with, `case/`; empty where the hub writes no such key."""
    return key[: key.find(b"/") + 1].decode(errors="backslashreplace")


def subject(key: bytes) -> bytes:
    """The case or offer that the entry is about; empty if it names none."""
    return b"" if key.startswith(WITHOUT_SUBJECT) else key.rpartition(b"/")[2]
