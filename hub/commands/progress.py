"""Says now and then how far a long look has come."""

import time
from collections.abc import Callable
from typing import Final

from hub.commands.printing import note

SAY_EVERY_S: Final = 5.0


def progress(words: str) -> Callable[[int], None]:
    """What takes a number, and says it every few seconds in these words, at their `{}`."""
    said_at = time.monotonic()

    def tell(number: int) -> None:
        nonlocal said_at
        if time.monotonic() - said_at >= SAY_EVERY_S:
            said_at = time.monotonic()
            note(words.format(number))

    return tell
