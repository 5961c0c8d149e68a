"""A child process ends with its parent, whatever the parent's end."""

import os
import signal
import sys
import threading
from pathlib import Path
from typing import Final

import pytest

from hub import processes
from tests.support.programs import DEAF, FOR_EVER, alive, line, program, running
from tests.support.waiting import until

PARENT: Final = f"""
import sys, threading
from pathlib import Path
from hub import processes
processes.KERNEL_TIES = processes.KERNEL_TIES and sys.argv[2] == "kernel"
with Path(sys.argv[1]).open("wb") as output:
    child = processes.spawn([sys.executable, "-c", {FOR_EVER!r}], output=output)
print(child.pid, flush=True)
threading.Event().wait()
"""


@pytest.mark.parametrize("tie", ["kernel", "watcher"])
@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGTERM])
def test_a_child_ends_with_its_parent(tie: str, end: signal.Signals, tmp_path: Path) -> None:
    """Killed or ended, a parent takes its child with it: by the kernel or by a watcher."""
    with running(PARENT, str(tmp_path / "log"), tie) as parent:
        child = int(line(parent))
        assert alive(child)

        parent.send_signal(end)
        parent.wait(30)

        until(lambda: not alive(child))


@pytest.mark.parametrize("ties", [True, False])
def test_a_child_outlives_the_thread_that_started_it(
    ties: bool,  # noqa: FBT001 - both ways to tie a child
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A child belongs to the process, not to the thread that happened to start it."""
    monkeypatch.setattr(processes, "KERNEL_TIES", ties and processes.KERNEL_TIES)
    started: list[processes.Process] = []

    def start() -> None:
        with (tmp_path / "log").open("wb") as output:
            started.append(processes.spawn(program(DEAF), output=output))

    thread = threading.Thread(target=start)
    thread.start()
    thread.join()
    (child,) = started
    until(lambda: (tmp_path / "log").read_bytes() == b"ready\n")

    assert child.poll() is None
    assert processes.kill(child) == -signal.SIGKILL


def test_ctrl_c_reaches_the_parent_only(tmp_path: Path) -> None:
    """A child has a session of its own, so that its parent decides who ends when."""
    with (tmp_path / "log").open("wb") as output:
        child = processes.spawn(program(FOR_EVER), output=output)

    assert os.getsid(child.pid) == child.pid
    processes.kill(child)


def test_a_child_that_does_not_end_when_asked_is_killed(tmp_path: Path) -> None:
    """After the grace, a child that ignored SIGTERM is killed."""
    log = tmp_path / "log"
    with log.open("wb") as output:
        child = processes.spawn(program(DEAF), output=output)
    until(lambda: log.read_bytes() == b"ready\n")

    assert processes.end(child, grace_s=0.1) == -signal.SIGKILL


def test_what_a_child_started_ends_with_it(tmp_path: Path) -> None:
    """Killing a child kills its children too."""
    log = tmp_path / "log"
    code = (
        "import subprocess, sys, threading; "
        f"print(subprocess.Popen([sys.executable, '-c', {FOR_EVER!r}]).pid, flush=True); "
        "threading.Event().wait()"
    )
    with log.open("wb") as output:
        child = processes.spawn(program(code), output=output)
    until(lambda: log.read_bytes().endswith(b"\n"))
    grandchild = int(log.read_text())

    processes.kill(child)

    until(lambda: not alive(grandchild))


def test_a_program_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    """A missing program is said at once, not found in a log."""
    with (tmp_path / "log").open("wb") as output, pytest.raises(FileNotFoundError):
        processes.spawn(["no-such-program"], output=output)


def test_a_child_has_the_folder_and_environment_it_was_given(tmp_path: Path) -> None:
    """Folder and environment are the given ones; what it prints on either stream is kept."""
    log = tmp_path / "log"
    code = "import os, sys; print(os.getcwd()); print(os.environ['DOOR'], file=sys.stderr)"
    with log.open("wb") as output:
        child = processes.spawn(
            [sys.executable, "-u", "-c", code], output=output, env={"DOOR": "7"}, folder=tmp_path
        )

    assert child.wait(30) == 0
    assert log.read_text() == f"{tmp_path}\n7\n"
