"""What can happen to the workers."""

import random
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.chaos import stalling
from tests.chaos.clock import Clock
from tests.chaos.stage import Dress, Stage
from tests.support.running_hub import SESSION_TIMEOUT_S

HOUR_S = 3600


@contextmanager
def clock(folder: Path) -> Iterator[tuple[object, ...]]:
    """A wall clock for the workers that can be turned."""
    yield (Clock(folder),)


def by_the_clock(stage: Stage) -> Dress:
    """The workers live by that clock."""
    return stage.prop(Clock).dress


def kill(stage: Stage, chance: random.Random) -> None:
    """A worker is killed with -9, twice, in the middle of whatever it is doing."""
    for _ in range(2):
        stage.meanwhile(chance.uniform(1, 6))
        stage.signal(chance.choice(stage.pids()), signal.SIGKILL)
    stage.wait_until_moving()


def term(stage: Stage, chance: random.Random) -> None:
    """A worker is told to stop, three times; its supervisor starts it again."""
    for _ in range(3):
        stage.meanwhile(chance.uniform(1, 5))
        stage.signal(chance.choice(stage.pids()), signal.SIGTERM)
    stage.wait_until_moving()


def freeze(stage: Stage, chance: random.Random) -> None:
    """A worker sleeps beyond its session and wakes up as a zombie."""
    stage.meanwhile(chance.uniform(1, 4))
    pid = chance.choice(stage.pids())
    stage.signal(pid, signal.SIGSTOP)
    stage.meanwhile(chance.uniform(SESSION_TIMEOUT_S + 3, SESSION_TIMEOUT_S + 6))
    stage.signal(pid, signal.SIGCONT)
    stage.meanwhile(chance.uniform(3, 5))


def scale(stage: Stage, chance: random.Random) -> None:
    """Workers come and go: one, three, one."""
    for count in (1, 3, 1):
        stage.scale(count)
        stage.meanwhile(chance.uniform(4, 8))


def stall(stage: Stage, chance: random.Random) -> None:
    """The only worker stalls for good: frozen, its event loop blocked, or its interpreter."""
    stage.meanwhile(chance.uniform(1, 3))
    (pid,) = stage.pids()
    stage.signal(pid, chance.choice(stalling.HOW))
    stage.wait_until_replaced(pid)
    stage.wait_until_moving()


def clock_jump(stage: Stage, chance: random.Random) -> None:
    """The workers' wall clock jumps by hours, ahead and back, and is put right again."""
    clock = stage.prop(Clock)
    jumps = [chance.uniform(1, 12), -chance.uniform(1, 12)]
    chance.shuffle(jumps)
    for hours in (*jumps, 0):
        stage.meanwhile(chance.uniform(2, 4))
        clock.turn(int(hours * HOUR_S))
    stage.meanwhile(chance.uniform(2, 4))
