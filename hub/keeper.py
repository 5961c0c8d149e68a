"""Keeps one child process running: starts it, starts it again when it ends by itself, ends it."""

import os
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final

import structlog

from hub import processes
from hub.bounded_log import BoundedLog

LOOK_EVERY_S: Final = 2.0
START_FACTOR: Final = 4
"""How many times longer it may be silent before its first sign: a busy machine starts slowly."""


@dataclass(frozen=True, slots=True)
class Child:
    """A process to keep running."""

    name: str
    argv: Sequence[str]
    env: Mapping[str, str] = field(default_factory=dict)
    """Environment variables it gets beside ours."""
    silence_s: float | None = None
    """After how long without a sign it is killed and started again; None: it gives no signs.

    A sign is a change of its log file: a line, or a mere touch (`os.utime(2)`).
    """


@dataclass(frozen=True, slots=True)
class Change:
    """A child started (`status` is None) or ended."""

    name: str
    pid: int | None
    """None when it could not even be started."""
    status: int | None = None
    """How it ended: its exit code, or minus the signal's number."""
    again_in_s: float | None = None
    """After how many seconds it is started again; None when it is not."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to wait before a child that ended by itself is started again, in seconds."""

    first_s: float = 0.5
    most_s: float = 10
    """The wait doubles up to this."""
    steady_s: float = 60
    """A child that ran so long begins with the first wait again."""

    def waits(self, ran_s: float, last_wait_s: float | None) -> float:
        """How long to wait after a child ran so long, having waited so long before."""
        if last_wait_s is None or ran_s >= self.steady_s:
            return self.first_s
        return min(2 * last_wait_s, self.most_s)


class Keeper:
    """One child and the thread that watches it."""

    def __init__(
        self, child: Child, log: BoundedLog, tell: Callable[[Change], None], patience: Patience
    ) -> None:
        """`tell` hears of every start and end, from the thread."""
        self.child = child
        self._log = log
        self._tell = tell
        self._patience = patience
        self._process: processes.Process | None = None
        self._ending = threading.Event()
        self._lock = threading.Lock()
        self._thread = threading.Thread(target=self._keep, name=f"keeper-{child.name}", daemon=True)

    @property
    def pid(self) -> int | None:
        """The child's process, or None while it does not run."""
        process = self._process
        return process.pid if process and process.returncode is None else None

    def start(self) -> None:
        """Begin to keep the child running."""
        self._thread.start()

    def end(self, grace_s: float) -> None:
        """End the child: ask, and kill it after the grace (seconds); it stays ended."""
        with self._lock:
            self._ending.set()
        if self._process:
            processes.end(self._process, grace_s)
        if self._thread.ident is not None:
            self._thread.join()

    def _keep(self) -> None:
        wait_s: float | None = None
        while not self._ending.is_set():
            began = time.monotonic()
            pid, status = self._run_once()
            wait_s = self._patience.waits(time.monotonic() - began, wait_s)
            if pid or not self._ending.is_set():
                again_in_s = None if self._ending.is_set() else wait_s
                self._tell(Change(self.child.name, pid, status, again_in_s))
            self._ending.wait(wait_s)

    def _run_once(self) -> tuple[int | None, int]:
        """Run the child until it ends: its process, if it could be started, and its status."""
        try:
            with self._lock:
                if self._ending.is_set():
                    return None, 0
                with self._log.open() as log:
                    env = {**os.environ, **self.child.env}
                    process = processes.spawn(self.child.argv, output=log, env=env)
                self._process = process
        except OSError as error:
            return None, error.errno or 1
        self._tell(Change(self.child.name, process.pid))
        if self.child.silence_s is None:
            return process.pid, process.wait()
        return process.pid, self._listen(process, self.child.silence_s)

    def _listen(self, process: processes.Process, silence_s: float) -> int:
        """Wait for its end, and kill it when it is silent: it is frozen, or its loop hangs.

        Looks are counted, not the time between them: we may have been frozen ourselves.
        """
        heard, silent_looks, most_s = self._last_sign(), 0, START_FACTOR * silence_s
        while True:
            with suppress(subprocess.TimeoutExpired):
                return process.wait(LOOK_EVERY_S)
            silent_looks += 1
            if (sign := self._last_sign()) != heard:
                heard, silent_looks, most_s = sign, 0, silence_s
            if silent_looks * LOOK_EVERY_S >= most_s:
                structlog.get_logger().warning("child_silent", child=self.child.name)
                return processes.kill(process)

    def _last_sign(self) -> float:
        return self._log.path.stat().st_mtime
