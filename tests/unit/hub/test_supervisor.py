"""The processes of one machine keep running until they are told to end, and then end."""

import queue
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import psutil
import pytest
from structlog.testing import capture_logs

from hub.bounded_log import BoundedLog
from hub.supervisor import Change, Child, Patience, Supervisor
from tests.support.programs import DEAF, FOR_EVER, alive, line, program, running
from tests.support.waiting import until

QUICK: Final = Patience(first_s=0.01, most_s=0.04)
POLITE: Final = (
    "import signal, sys, threading; "
    "signal.signal(signal.SIGTERM, lambda *_: (print('bye', flush=True), sys.exit(0))); "
    "print('ready', flush=True); threading.Event().wait()"
)
SUPERVISOR: Final = f"""
import signal, sys, threading
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background jobs ignore it
from pathlib import Path
from hub.supervisor import Child, Supervisor
children = [Child(name, [sys.executable, "-c", {FOR_EVER!r}]) for name in ("door", "lane")]
supervisor = Supervisor(children, Path(sys.argv[1]), lambda change: print(change.pid, flush=True))
supervisor.start()
supervisor.wait(threading.Event())
print("all ended", supervisor.pids(), flush=True)
"""

Changes = queue.SimpleQueue[Change]


@contextmanager
def supervised(
    folder: Path, *children: Child, listener: Callable[[Change], None] | None = None
) -> Iterator[tuple[Supervisor, Changes]]:
    """A supervisor of these children, and what it says."""
    changes: Changes = queue.SimpleQueue()
    supervisor = Supervisor(children, folder, listener or changes.put, QUICK)
    supervisor.start()
    try:
        yield supervisor, changes
    finally:
        supervisor.stop(grace_s=0)


def test_a_child_that_ends_by_itself_is_started_again(tmp_path: Path) -> None:
    """An end that nobody asked for is reported with its status, and the child comes back."""
    with supervised(tmp_path, Child("lane", program("raise SystemExit(70)"))) as (_, changes):
        first, ended, second = (changes.get(timeout=30) for _ in range(3))

    assert first == Change("lane", first.pid)
    assert ended == Change("lane", first.pid, status=70, again_in_s=0.01)
    assert second == Change("lane", second.pid)
    assert second.pid != first.pid


def test_a_killed_child_is_started_again(tmp_path: Path) -> None:
    """A child killed with -9 comes back under another process id."""
    with supervised(tmp_path, Child("lane", program(FOR_EVER))) as (supervisor, changes):
        killed = changes.get(timeout=30).pid
        assert supervisor.pids() == {"lane": killed}
        psutil.Process(killed).kill()
        ended, again = changes.get(timeout=30), changes.get(timeout=30)

        assert ended.status == -signal.SIGKILL
        assert supervisor.pids() == {"lane": again.pid}
        assert again.pid != killed


def test_one_childs_end_leaves_the_others_alone(tmp_path: Path) -> None:
    """While one child is started again and again, another keeps its process."""
    children = (Child("steady", program(FOR_EVER)), Child("broken", program("raise SystemExit(1)")))
    with supervised(tmp_path, *children) as (supervisor, changes):
        seen = [changes.get(timeout=30) for _ in range(8)]

        (steady,) = {change.pid for change in seen if change.name == "steady"}
        assert supervisor.pids()["steady"] == steady


def test_the_wait_grows_and_begins_anew_after_a_steady_run() -> None:
    """Waits double from half a second to ten, and start over once a child ran for a minute."""
    patience, waits = Patience(), list[float]()
    for _ in range(7):
        waits.append(patience.waits(1, waits[-1] if waits else None))

    assert waits == [0.5, 1, 2, 4, 8, 10, 10]
    assert patience.waits(60, 10) == 0.5


def test_stop_asks_first(tmp_path: Path) -> None:
    """A child told to end may finish what it is doing."""
    log = tmp_path / "lane.log"
    with supervised(tmp_path, Child("lane", program(POLITE))) as (supervisor, changes):
        until(lambda: log.exists() and log.read_text() == "ready\n")
        supervisor.stop(grace_s=30)

        started, ended = changes.get(timeout=30), changes.get(timeout=30)
    assert log.read_text() == "ready\nbye\n"
    assert ended == Change("lane", started.pid, status=0, again_in_s=None)
    assert supervisor.pids() == {}


def test_stop_kills_after_the_grace(tmp_path: Path) -> None:
    """A child that ignores the request is killed after the grace and is not started again."""
    log = tmp_path / "lane.log"
    with supervised(tmp_path, Child("lane", program(DEAF))) as (supervisor, changes):
        until(lambda: log.exists() and log.read_text() == "ready\n")
        supervisor.stop(grace_s=0.1)

        started, ended = changes.get(timeout=30), changes.get(timeout=30)
    assert ended.status == -signal.SIGKILL
    assert ended.again_in_s is None
    assert changes.empty()
    assert not alive(started.pid or 0)


def test_stop_during_a_wait_starts_nothing_more(tmp_path: Path) -> None:
    """A child waiting to be started again stays ended after stop."""
    changes: Changes = queue.SimpleQueue()
    children = [Child("lane", program("raise SystemExit(1)"))]
    supervisor = Supervisor(children, tmp_path, changes.put, Patience(first_s=600))
    supervisor.start()
    changes.get(timeout=30)
    assert changes.get(timeout=30).again_in_s == 600

    supervisor.stop()

    assert changes.empty()
    assert supervisor.pids() == {}


def test_children_get_their_environment_and_keep_their_log(tmp_path: Path) -> None:
    """What a child prints is appended to its log, start after start."""
    child = Child("door", program("import os; print(os.environ['DOOR'])"), {"DOOR": "seven"})
    log = tmp_path / "door.log"
    with supervised(tmp_path, child):
        until(lambda: log.exists() and log.read_text().startswith("seven\nseven\n"))


def test_a_faulty_listener_does_not_leave_a_child_alone(tmp_path: Path) -> None:
    """When the listener raises, the child is started again all the same."""
    heard: Changes = queue.SimpleQueue()

    def listener(change: Change) -> None:
        heard.put(change)
        raise RuntimeError("the terminal is gone")

    child = Child("lane", program("raise SystemExit(1)"))
    with capture_logs() as logs, supervised(tmp_path, child, listener=listener):
        for _ in range(5):
            heard.get(timeout=30)

    assert {entry["event"] for entry in logs} == {"supervisor_listener_failed"}


def test_a_missing_program_stops_the_start(tmp_path: Path) -> None:
    """Nothing is started when one of the programs is not there."""
    changes: Changes = queue.SimpleQueue()
    children = [Child("door", program(FOR_EVER)), Child("lane", ["no-such-program"])]
    supervisor = Supervisor(children, tmp_path, changes.put)

    with pytest.raises(FileNotFoundError, match="no-such-program"):
        supervisor.start()

    assert supervisor.pids() == {}
    assert changes.empty()


def test_wait_ends_all_when_told(tmp_path: Path) -> None:
    """Setting the event ends every child before `wait` returns."""
    stop = threading.Event()
    with supervised(tmp_path, Child("lane", program(FOR_EVER))) as (supervisor, changes):
        pid = changes.get(timeout=30).pid or 0
        threading.Timer(0.05, stop.set).start()
        supervisor.wait(stop)

        assert not alive(pid)


def test_ctrl_c_ends_all(tmp_path: Path) -> None:
    """Ctrl-C ends every child, then the supervisor goes on to its end."""
    with running(SUPERVISOR, str(tmp_path)) as supervisor:
        pids = [int(line(supervisor)) for _ in range(2)]

        supervisor.send_signal(signal.SIGINT)

        ends = [line(supervisor) for _ in range(3)]
        assert supervisor.wait(30) == 0
    assert ends[-1] == "all ended {}"
    assert not [pid for pid in pids if alive(pid)]


def test_a_killed_supervisor_leaves_no_child(tmp_path: Path) -> None:
    """Even kill -9 of the supervisor ends its children."""
    with running(SUPERVISOR, str(tmp_path)) as supervisor:
        pids = [int(line(supervisor)) for _ in range(2)]
        assert all(alive(pid) for pid in pids)

        supervisor.kill()

        until(lambda: not any(alive(pid) for pid in pids))


def test_a_log_is_bounded_while_it_is_written(tmp_path: Path) -> None:
    """A full log is set aside, and its writer goes on in the emptied file."""
    log = BoundedLog(tmp_path / "lane.log", max_bytes=10)
    with log.open() as writer:
        writer.write(b"first line\n")
        writer.flush()
        log.trim()
        writer.write(b"second\n")
        writer.flush()
        log.trim()

    assert log.before.read_bytes() == b"first line\n"
    assert log.path.read_bytes() == b"second\n"
