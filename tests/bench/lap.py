"""One contender, once through one backlog: how fast, for how much CPU, and exactly once or not."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from hub.keeper import Child
from tests.bench.contender import Contender, running
from tests.bench.events import Events
from tests.bench.outputs import Outputs, read_outputs
from tests.bench.progress import await_end, await_members
from tests.bench.stage import Stage, staged
from tests.bench.watch import Watch

WARM_UP: Final = 1 / 3
"""So much of the backlog is not measured: start-up, first fetch, compilers that learn."""
PATIENCE_S: Final = 120
SLOWEST_PER_S: Final = 100
"""A contender slower than this is given up, after the patience."""
SETTLE_S: Final = 120


@dataclass(frozen=True, slots=True)
class Lap:
    """What was measured."""

    events_per_s: float
    per_cpu_s: float
    """Events per CPU second of the contender's own processes."""
    peak_mb: float
    exact: bool
    """Whether every event led to each of its outputs exactly once, at the right recipient."""
    delivered: int


def run_lap(contender: Contender, stage: Stage, events: Events, count: int) -> Lap:
    """Fill the source, start the contender, let it come to the end, and read what came of it.

    Raises NotThere, Ended and NotFinished.
    """
    child = contender.child(stage)
    with staged(stage):
        loaded = stage.fill(events, count, contender.dress)
        with running([child], stage.folder) as started:
            watch = Watch(started.pids)
            watch.start()
            await_end(stage, loaded, PATIENCE_S + count / SLOWEST_PER_S, started.check)
            watch.finish()
        found = read_outputs(stage, events, contender.outputs, count)
    return _judged(contender, found, watch, count)


def run_together(
    contender: Contender, children: Sequence[Child], stage: Stage, events: Events, count: int
) -> Lap:
    """The same with several workers of one group, who are all there before the backlog is."""
    with staged(stage), running([], stage.folder) as started:
        with stage.held_back(events, count) as loaded:
            for child in children:
                started.start(child, stage.folder)
            await_members(stage, len(children), SETTLE_S, started.check)
        watch = Watch(started.pids)
        watch.start()
        await_end(stage, loaded, PATIENCE_S + count / SLOWEST_PER_S, started.check)
        watch.finish()
        found = read_outputs(stage, events, contender.outputs, count)
    return _judged(contender, found, watch, count)


def _judged(contender: Contender, found: Outputs, watch: Watch, count: int) -> Lap:
    begin, end, moved = measured(found.delivered_at)
    return Lap(
        events_per_s=moved / (end - begin),
        per_cpu_s=moved / watch.cpu_between(begin, end),
        peak_mb=watch.peak_mb,
        exact=found.are_exact(contender.outputs, count),
        delivered=len(found.delivered_at),
    )


def measured(stamps_ms: Sequence[int]) -> tuple[float, float, int]:
    """Begin and end of what is measured (seconds since 1970), and how many events lie between."""
    stamps = sorted(stamps_ms)
    cut = stamps[int(len(stamps) * WARM_UP)]
    return cut / 1000, stamps[-1] / 1000, sum(stamp > cut for stamp in stamps)
