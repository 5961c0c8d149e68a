"""A process says that it turns: it touches a file, by whose age others see whether it hangs."""

import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import Final

EVERY_S: Final = 1.0


class Sign:
    """The file; touched once a second at most, however often it is shown."""

    def __init__(self, file: Path | None) -> None:
        """Without a file nothing is touched."""
        self._file = file
        self._again_at = 0.0

    def show(self) -> None:
        """Turn. A disk that fails ends nobody: whoever looks at the file will see it age."""
        now = time.monotonic()
        if self._file is not None and now >= self._again_at:
            self._again_at = now + EVERY_S
            with suppress(OSError):
                self._file.touch()


class ShowingEvent(threading.Event):
    """An event that shows a sign whenever somebody asks for it, as every loop does that it ends."""

    def __init__(self, sign: Sign) -> None:
        """It is not set."""
        super().__init__()
        self._sign = sign

    def is_set(self) -> bool:
        """Whether it is set."""
        self._sign.show()
        return super().is_set()

    def wait(self, timeout: float | None = None) -> bool:
        """Wait until it is set, for so many seconds at most; whether it is."""
        self._sign.show()
        return super().wait(timeout)
