"""How a year ends: right only if nothing is wrong, and a command that says how it is called."""

import random
import subprocess
import sys
from dataclasses import replace
from typing import Any, Final

import pytest

from tests.support.programs import FOR_EVER, ROOT, running
from tests.support.waiting import until
from tests.year.killing import Killing
from tests.year.outcome import Outcome

FAULTS: Final[tuple[dict[str, Any], ...]] = (
    {"illegal_accepted": 1},
    {"legal_refused": 1},
    {"reminders_missing": 1},
    {"reminders_repeated": 1},
    {"reminders_unexpected": 1},
    {"open_unexplained": 1},
    {"lost": 1},
    {"repeated": 1},
    {"unexpected": 1},
    {"out_of_order": 1},
    {"leaked": 1},
    {"unledgered": 1},
    {"lag": 1},
    {"open_transactions": 1},
    {"report_matches": False},
    {"played": 489},
    {"referrals": 0},
)
"""One of anything is too many; so is a report that differs, and a year in which nothing was."""
RIGHT: Final = Outcome(
    illegal_accepted=0,
    legal_refused=0,
    reminders_missing=0,
    reminders_repeated=0,
    reminders_unexpected=0,
    open_unexplained=0,
    lost=0,
    repeated=0,
    unexpected=0,
    out_of_order=0,
    leaked=0,
    unledgered=0,
    lag=0,
    open_transactions=0,
    seed=1,
    days=30,
    referrals=411,
    moves=164,
    offers=25,
    events=1700,
    reminders=400,
    report_matches=True,
    played=490,
    ticks=490,
    standing={"over": 411},
    kills=3,
    restarts=3,
    seconds=60.0,
    longest_tick_s=1.0,
)


def test_a_year_without_fault_is_right() -> None:
    """Whatever was killed meanwhile."""
    assert RIGHT.is_right


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: next(iter(fault)))
def test_a_single_fault_makes_it_wrong(fault: dict[str, Any]) -> None:
    """Every figure that must be as it should be is looked at."""
    assert not replace(RIGHT, **fault).is_right


def test_a_worker_is_killed_at_every_nth_tick() -> None:
    """For good, once, and as many as ticks say; without a number nobody is."""
    with running(FOR_EVER) as worker:
        peace = Killing(lambda: [worker.pid], random.Random(1), 0)
        for _ in range(50):
            peace.at_a_tick()
        peace.end()
        assert (peace.killed, worker.poll()) == (0, None)
        killing = Killing(lambda: [worker.pid], random.Random(1), 3)
        for _ in range(3):
            killing.at_a_tick()
        until(lambda: worker.poll() is not None)
        killing.end()
        for _ in range(3):
            killing.at_a_tick()
        killing.end()

    assert (killing.killed, worker.returncode) == (1, -9)


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (["--help"], 0, 'make year ARGS="--kill'),
        (["--days", "0"], 2, "'0' is no number from 1 on"),
        (["--weeks", "3"], 2, "unrecognized arguments"),
    ],
)
def test_the_command_says_how_it_is_called(words: list[str], code: int, says: str) -> None:
    """Help with an example on stdout; a wrong call is told on stderr and ends with 2."""
    command = [sys.executable, "-m", "tests.year", *words]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    assert done.returncode == code
    assert says in (done.stdout if code == 0 else done.stderr)
