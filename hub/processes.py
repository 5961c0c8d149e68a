"""Child processes that end when their parent ends, however the parent ends."""

import functools
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from pathlib import Path
from queue import SimpleQueue
from typing import IO, Final

import psutil

Process = subprocess.Popen[bytes]

KERNEL_TIES: bool = sys.platform == "linux"
"""Whether the kernel itself ends a child with its parent (prctl(2), PR_SET_PDEATHSIG)."""

_TIE: Final = """
import ctypes, os, signal, sys
ctypes.CDLL(None).prctl(1, signal.SIGKILL)
if os.getppid() != int(sys.argv[1]):
    os._exit(1)
os.execv(sys.argv[2], sys.argv[3:])
"""
_WATCH: Final = """
import os, signal, sys
sys.stdin.buffer.read()
os.kill(int(sys.argv[1]), getattr(signal, "SIGKILL", signal.SIGTERM))
"""


def spawn(
    argv: Sequence[str],
    *,
    output: IO[bytes],
    env: Mapping[str, str] | None = None,
    folder: Path | None = None,
) -> Process:
    """Start a program in a session of its own, so that Ctrl-C reaches its parent only.

    It dies with this process, even when this process is killed with -9.
    Raises FileNotFoundError when there is no such program.
    """
    program = shutil.which(argv[0])
    if program is None:
        raise FileNotFoundError(argv[0])
    tie = [sys.executable, "-I", "-S", "-c", _TIE, str(os.getpid()), program]

    def start() -> Process:
        return subprocess.Popen(  # noqa: S603 - the caller's command, no shell
            [*tie, *argv] if KERNEL_TIES else [program, *argv[1:]],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=env,
            cwd=folder,
            start_new_session=True,
        )

    if KERNEL_TIES:
        return _on_lasting_thread(start)
    child = start()
    _watch(child)
    return child


def end(process: Process, grace_s: float) -> int:
    """Ask a process to end, kill it and all it started after the grace; its exit status."""
    if process.poll() is None:
        family = _family(process.pid)
        process.terminate()
        try:
            process.wait(grace_s)
        except subprocess.TimeoutExpired:
            kill(process)
        for orphan in family:
            _kill(orphan)
    return process.wait()


def kill(process: Process) -> int:
    """Kill a process and all it started, at once and unasked; its exit status."""
    family = _family(process.pid)
    process.kill()
    for orphan in family:
        _kill(orphan)
    return process.wait()


def _family(pid: int) -> list[psutil.Process]:
    try:
        return psutil.Process(pid).children(recursive=True)
    except psutil.NoSuchProcess:
        return []


def _kill(process: psutil.Process) -> None:
    try:
        process.kill()
    except psutil.NoSuchProcess:
        return


def _on_lasting_thread(start: Callable[[], Process]) -> Process:
    # Linux ends a tied child when the thread that started it ends, not the process.
    future: Future[Process] = Future()
    _lasting_thread(os.getpid()).put((start, future))
    return future.result()


@functools.cache
def _lasting_thread(_pid: int) -> "SimpleQueue[tuple[Callable[[], Process], Future[Process]]]":
    orders: SimpleQueue[tuple[Callable[[], Process], Future[Process]]] = SimpleQueue()

    def serve() -> None:
        while True:
            start, future = orders.get()
            try:
                future.set_result(start())
            except OSError as error:
                future.set_exception(error)

    threading.Thread(target=serve, name="spawner", daemon=True).start()
    return orders


def _watch(child: Process) -> None:
    """Start a second process that kills the child when this one's end of a pipe closes."""
    watcher = subprocess.Popen(  # noqa: S603 - our own Python
        [sys.executable, "-I", "-S", "-c", _WATCH, str(child.pid)],
        stdin=subprocess.PIPE,
        start_new_session=True,
    )

    def dismiss() -> None:
        child.wait()
        kill(watcher)
        if watcher.stdin:
            watcher.stdin.close()

    threading.Thread(target=dismiss, name=f"watch-{child.pid}", daemon=True).start()
