"""What memory a worker takes over very many events of referrals that end: does it come to rest?"""

import sys
from pathlib import Path
from typing import Final

from tests.bench.contender import running
from tests.bench.growth import HUB
from tests.bench.lap import PATIENCE_S, SLOWEST_PER_S
from tests.bench.lives import Lives
from tests.bench.place import Place, tell
from tests.bench.progress import await_end
from tests.bench.race import Figures
from tests.bench.spread import slope
from tests.bench.stage import staged
from tests.bench.watch import MB, Watch

POINTS: Final = 50
MILLION: Final = 1_000_000


def memory(place: Place, count: int) -> Figures:
    """Resident memory of one worker at intervals, its peak, and its slope over the second half."""
    stage = place.stage("memory")
    points: list[tuple[int, float]] = []
    with staged(stage):
        tell(f"memory: preparing {count:,} events")
        loaded = stage.fill(Lives(place.events), count)
        with running([HUB.child(stage)], stage.folder) as started:
            watch = Watch(started.pids)
            watch.start()

            def note(done: int) -> None:
                if watch.samples and count > done >= len(points) * count / POINTS:
                    points.append((done, watch.samples[-1].rss_mb))

            await_end(stage, loaded, PATIENCE_S + count / SLOWEST_PER_S, started.check, note)
            points.append((count, watch.samples[-1].rss_mb))
            peak = _peak_mb(started.pids[0]) or watch.peak_mb
            watch.finish()
    second_half = [point for point in points if point[0] >= count / 2]
    tell(f"memory: {points[-1][1]:.0f} MB after {count:,} events, peak {peak:.0f} MB")
    return {
        "events": count,
        "points": [{"events": done, "rss_mb": round(rss, 1)} for done, rss in points],
        "end_mb": round(points[-1][1], 1),
        "peak_mb": round(peak, 1),
        "second_half_growth_mb": round(slope(second_half) * count / 2, 1),
        "slope_mb_per_million": round(slope(second_half) * MILLION, 1),
    }


def _peak_mb(pid: int) -> float | None:
    """The kernel's own high-water mark of resident memory, where it keeps one."""
    if sys.platform != "linux":
        return None
    for line in Path(f"/proc/{pid}/status").read_text("ascii").splitlines():
        name, _, value = line.partition(":")
        if name == "VmHWM":
            return int(value.split()[0]) * 1024 / MB
    return None
