"""One node of the embedded Kafka: a Java process with its folder."""

import os
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import psutil

from hub import processes
from hub.broker import properties
from hub.broker.errors import NotReady
from hub.broker.java import Java, environment
from hub.broker.ports import HOST

_FORMAT: Final = "kafka.tools.StorageTool"
_SERVE: Final = "kafka.Kafka"
_LAST_LINES: Final = 15


class Node:
    """A broker and controller; its data and its port outlive its process."""

    def __init__(
        self, seat: properties.Seat, told: Mapping[str, str], folder: Path, java: Java, heap_mb: int
    ) -> None:
        """`told` are its properties, `log.dirs` among them; logs go into `folder`."""
        self.number = seat.number
        self.port = seat.clients
        self.folder = folder
        self._told = dict(told)
        self._java = java
        self._heap_mb = heap_mb
        self._process: processes.Process | None = None

    @property
    def bootstrap(self) -> str:
        """Where clients reach this node: `host:port`."""
        return f"{HOST}:{self.port}"

    @property
    def pid(self) -> int | None:
        """Its process, or None when it does not run."""
        return self._process.pid if self._process and self._process.poll() is None else None

    def prepare(self, cluster_id: str, first_user: Sequence[str] = ()) -> None:
        """Write its settings and, once, format its data folder; raises NotReady.

        `first_user`: what formatting is told of one, word by word.
        """
        data = Path(self._told["log.dirs"])
        data.mkdir(parents=True, exist_ok=True)
        self._settings.touch(mode=0o600)
        self._settings.write_text(properties.text(self._told), "utf-8")
        if (data / "meta.properties").exists():
            return
        words = self.folder / "format.words"  # a command line is for everybody's eyes
        words.touch(mode=0o600)
        told = ("format", "-t", cluster_id, "-c", str(self._settings), *first_user)
        words.write_text("".join(f"{word}\n" for word in told), "utf-8")
        done = subprocess.run(  # noqa: S603 - our own Java
            self._java.command(_FORMAT, f"@{words}", heap_mb=self._heap_mb, logs=self.folder),
            env=environment(os.environ),
            capture_output=True,
            text=True,
            check=False,
        )
        words.unlink()
        if done.returncode:
            said = "\n".join((done.stdout + done.stderr).splitlines()[-_LAST_LINES:])
            raise NotReady("formatting failed", where=str(self.folder), last_words=said)

    def start(self, *, record: Path | None = None) -> None:
        """Start its process, on the same port and data; `Cluster.await_ready` waits for it.

        With `record`, the process writes its start archive there when it ends.
        """
        if self.pid is not None:
            return
        command = self._java.command(
            _SERVE, str(self._settings), heap_mb=self._heap_mb, logs=self.folder, record=record
        )
        with self._console.open("wb") as console:
            self._process = processes.spawn(command, output=console, env=environment(os.environ))

    def stop(self, grace_s: float = 15) -> bool:
        """Ask it to end, kill it after the grace (seconds); whether it ended by itself."""
        self.resume()
        return self._process is None or processes.end(self._process, grace_s) >= 0

    def kill(self) -> None:
        """End it at once, as a power cut would (kill -9)."""
        if self._process:
            processes.kill(self._process)

    def suspend(self) -> None:
        """Freeze it (SIGSTOP): its ports stay open, nobody answers."""
        if self.pid is not None:
            psutil.Process(self.pid).suspend()

    def resume(self) -> None:
        """Let it go on (SIGCONT)."""
        if self.pid is not None:
            psutil.Process(self.pid).resume()

    def last_words(self) -> str:
        """The end of its console and of its log."""
        logs = (path for path in (self._console, self.folder / "server.log") if path.exists())
        said = (path.read_text("utf-8", "replace").splitlines()[-_LAST_LINES:] for path in logs)
        return "\n".join(line for lines in said for line in lines)

    @property
    def _settings(self) -> Path:
        return self.folder / "server.properties"

    @property
    def _console(self) -> Path:
        return self.folder / "console.log"
