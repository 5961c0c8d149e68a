"""Has signatures checked by a second process before their events come to be decided.

Whoever comes to an event that is not checked yet checks it himself: nothing waits for this, and
nothing depends on it.
"""

import subprocess
import sys
import threading
from collections.abc import Sequence
from queue import Empty, Full, Queue
from typing import Final

import structlog

from hub.signing.checker import packed
from hub.signing.claims import Claim

AT_ONCE: Final = 250
"""So many questions are sent together."""
WAITING: Final = 64
"""So many lots may wait; what is more is left to whoever comes to it."""
END_WITHIN_S: Final = 5.0
log = structlog.get_logger()


class Ahead:
    """A process that checks, and the thread that asks it."""

    def __init__(self) -> None:
        """Start both."""
        self._lots: Queue[Sequence[Claim] | None] = Queue(WAITING)
        command = [sys.executable, "-m", "hub.signing.checker"]
        self._process = subprocess.Popen(  # noqa: S603 - our own module
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        self._thread = threading.Thread(target=self._ask_all, name="checker", daemon=True)
        self._thread.start()

    def look_at(self, claims: Sequence[Claim]) -> None:
        """Have these checked; returns at once, from any thread."""
        for first in range(0, len(claims), AT_ONCE):
            try:
                self._lots.put_nowait(claims[first : first + AT_ONCE])
            except Full:
                return

    def close(self) -> None:
        """End both."""
        while True:  # nobody comes to what still waits
            try:
                self._lots.get_nowait()
            except Empty:
                break
        self._lots.put(None)
        self._thread.join(END_WITHIN_S)
        if self._process.stdin is not None:
            self._process.stdin.close()
        if self._process.stdout is not None:
            self._process.stdout.close()
        self._process.kill()
        self._process.wait(END_WITHIN_S)

    def _ask_all(self) -> None:
        try:
            while (claims := self._lots.get()) is not None:
                self._ask([claim for claim in claims if claim.holds is None])
        except (OSError, ValueError) as error:
            log.warning("checker_gone", why=type(error).__name__)

    def _ask(self, claims: Sequence[Claim]) -> None:
        stdin, stdout = self._process.stdin, self._process.stdout
        if not claims or stdin is None or stdout is None:
            return
        stdin.write(packed([claim.question() for claim in claims]))
        stdin.flush()
        answers = stdout.read(len(claims))
        if len(answers) != len(claims):
            raise OSError("the checker has ended")
        for claim, holds in zip(claims, answers, strict=True):
            claim.holds = bool(holds)
