"""Keeps the processes of one machine running together, and ends them together."""

import shutil
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import TracebackType
from typing import Final, Self

import structlog

from hub.bounded_log import BoundedLog
from hub.keeper import Change, Child, Keeper, Patience

__all__ = ["Change", "Child", "Patience", "Supervisor"]

GRACE_S: Final = 20
_LOGS_LOOKED_AT_EVERY_S: Final = 10


class Supervisor:
    """Runs children until told otherwise; they end with this process, even by its kill -9.

    Each child writes what it prints to `<folder>/<name>.log`. `on_change` hears of every start and
    end, from other threads, one call at a time.
    """

    def __init__(
        self,
        children: Sequence[Child],
        folder: Path,
        on_change: Callable[[Change], None],
        patience: Patience | None = None,
    ) -> None:
        """Nothing runs before `start`."""
        self._folder = folder
        self._on_change = on_change
        self._telling = threading.Lock()
        self._ended = threading.Event()
        self._logs = [BoundedLog(folder / f"{child.name}.log") for child in children]
        self._keepers = [
            Keeper(child, log, self._tell, patience or Patience())
            for child, log in zip(children, self._logs, strict=True)
        ]

    def start(self) -> None:
        """Start every child; raises FileNotFoundError for a program that is not there."""
        for keeper in self._keepers:
            if shutil.which(keeper.child.argv[0]) is None:
                raise FileNotFoundError(keeper.child.argv[0])
        self._folder.mkdir(parents=True, exist_ok=True)
        threading.Thread(target=self._keep_logs_short, name="keeper-logs", daemon=True).start()
        for keeper in self._keepers:
            keeper.start()

    def stop(self, grace_s: float = GRACE_S) -> None:
        """End every child: ask, and kill what still runs after the grace (seconds)."""
        self._ended.set()
        with ThreadPoolExecutor(max(1, len(self._keepers))) as pool:
            list(pool.map(lambda keeper: keeper.end(grace_s), self._keepers))

    def pids(self) -> dict[str, int]:
        """The process of each child that runs now."""
        known = ((keeper.child.name, keeper.pid) for keeper in self._keepers)
        return {name: pid for name, pid in known if pid is not None}

    def wait(self, stop: threading.Event) -> None:
        """Return after `stop` is set or Ctrl-C was pressed, with every child ended."""
        try:
            stop.wait()
        except KeyboardInterrupt:
            stop.set()
        finally:
            self.stop()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def _tell(self, change: Change) -> None:
        with self._telling:
            try:
                self._on_change(change)
            except Exception:  # noqa: BLE001 - a listener's fault must not leave a child alone
                structlog.get_logger().exception("supervisor_listener_failed", child=change.name)

    def _keep_logs_short(self) -> None:
        while not self._ended.wait(_LOGS_LOOKED_AT_EVERY_S):
            for log in self._logs:
                log.trim()
