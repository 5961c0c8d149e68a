"""What the monitor remembers, in a file: whole or not at all."""

import os
from pathlib import Path

import structlog

from hub.monitor.memory import Memory, dump, load

log = structlog.get_logger()


class StateFile:
    """A file that one monitor writes; anybody may read it."""

    def __init__(self, path: Path) -> None:
        """Use this file."""
        self._path = path
        self._fails = False

    def load(self) -> Memory:
        """What was kept; empty where there is nothing, or nothing that can be read."""
        try:
            return load(self._path.read_bytes())
        except FileNotFoundError:
            return Memory()
        except (OSError, ValueError) as error:
            log.warning("monitor_state_unreadable", why=type(error).__name__)
            return Memory()

    def save(self, memory: Memory) -> None:
        """Keep it; a disk that fails is logged once, and the monitor goes on without."""
        fresh = self._path.with_suffix(".new")
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with fresh.open("wb") as file:
                file.write(dump(memory))
                file.flush()
                os.fsync(file.fileno())
            fresh.replace(self._path)
        except OSError as error:
            if not self._fails:
                log.warning("monitor_state_not_kept", why=error.strerror)
            self._fails = True
        else:
            self._fails = False
