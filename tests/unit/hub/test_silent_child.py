"""A child that promised to give signs is replaced when it gives none, and left alone else."""

import queue
import signal
from pathlib import Path
from typing import Final

import psutil
import pytest

from hub import keeper
from hub.keeper import Change, Child, Patience
from hub.supervisor import Supervisor
from tests.support.programs import FOR_EVER, program

LOOK_S: Final = 0.05
SILENCE_S: Final = 2.0
TOUCHES: Final = "import os, threading\nwhile not threading.Event().wait(0.02):\n    os.utime(2)\n"
"""Gives signs of life without a word."""


@pytest.fixture(autouse=True)
def _looks_often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeper, "LOOK_EVERY_S", LOOK_S)


def test_a_frozen_child_is_replaced(tmp_path: Path) -> None:
    """A child frozen by SIGSTOP is killed after its silence and started again."""
    changes: queue.SimpleQueue[Change] = queue.SimpleQueue()
    child = Child("lane", program(TOUCHES), silence_s=SILENCE_S)
    supervisor = Supervisor([child], tmp_path, changes.put, Patience(first_s=0.01))
    supervisor.start()
    try:
        frozen = changes.get(timeout=30).pid
        psutil.Process(frozen).suspend()
        ended, again = changes.get(timeout=30), changes.get(timeout=30)
    finally:
        supervisor.stop(grace_s=0)

    assert (ended.pid, ended.status) == (frozen, -signal.SIGKILL)
    assert again.pid != frozen


@pytest.mark.parametrize(
    "child",
    [
        pytest.param(Child("lane", program(TOUCHES), silence_s=SILENCE_S), id="touches its log"),
        pytest.param(Child("lane", program(FOR_EVER)), id="promised no signs"),
    ],
)
def test_a_child_is_left_alone(child: Child, tmp_path: Path) -> None:
    """A child that touches its log keeps its process, and so does one that promised nothing."""
    changes: queue.SimpleQueue[Change] = queue.SimpleQueue()
    with Supervisor([child], tmp_path, changes.put):
        changes.get(timeout=30)
        with pytest.raises(queue.Empty):
            changes.get(timeout=1.5 * SILENCE_S)
