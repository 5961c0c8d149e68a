"""What processes take while they work: CPU seconds and resident memory, many times a second."""

import time
from bisect import bisect_left
from collections.abc import Sequence
from itertools import chain
from typing import Final, NamedTuple

import psutil

from tests.chaos.background import Background

EVERY_S: Final = 0.05
MB: Final = 1024 * 1024


class Sample(NamedTuple):
    """The processes together, at one moment."""

    at: float
    """Seconds since 1970."""
    cpu_s: float
    rss_mb: float


CHILDREN_EVERY: Final = 20
"""After so many looks it is asked who was started by them since."""


class Watch(Background):
    """Looks at these processes, and at those they start, until told to stop."""

    def __init__(self, pids: Sequence[int], every_s: float = EVERY_S) -> None:
        super().__init__("watch")
        self.samples: list[Sample] = []
        self._started = [psutil.Process(pid) for pid in pids]
        self._processes = self._started
        self._every_s = every_s

    def work(self) -> None:
        """Look, wait, look again."""
        looks = 0
        while not self.stopping.is_set():
            try:
                if looks % CHILDREN_EVERY == 0:
                    children = [one.children(recursive=True) for one in self._started]
                    self._processes = [*self._started, *chain.from_iterable(children)]
                self.samples.append(self._look())
                looks += 1
            except psutil.NoSuchProcess:  # one of them has ended: who is there is asked anew
                looks = 0
            self.stopping.wait(self._every_s)

    def cpu_between(self, begin: float, end: float) -> float:
        """CPU seconds taken between these moments (seconds since 1970)."""
        return self._cpu_at(end) - self._cpu_at(begin)

    @property
    def peak_mb(self) -> float:
        """The most memory seen."""
        return max(sample.rss_mb for sample in self.samples)

    def _look(self) -> Sample:
        cpu_s = rss = 0.0
        for process in self._processes:
            with process.oneshot():
                times = process.cpu_times()
                cpu_s += times.user + times.system
                rss += process.memory_info().rss
        return Sample(time.time(), cpu_s, rss / MB)

    def _cpu_at(self, moment: float) -> float:
        """By a straight line between the samples around it."""
        after = bisect_left(self.samples, moment, key=lambda sample: sample.at)
        if after in (0, len(self.samples)):
            return self.samples[min(after, len(self.samples) - 1)].cpu_s
        left, right = self.samples[after - 1], self.samples[after]
        share = (moment - left.at) / (right.at - left.at)
        return left.cpu_s + share * (right.cpu_s - left.cpu_s)
