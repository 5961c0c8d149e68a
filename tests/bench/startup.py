"""From starting a worker's process to the first delivery that a recipient can read."""

import time
from typing import Final

from tests.bench.contender import running
from tests.bench.growth import HUB
from tests.bench.place import Place, tell
from tests.bench.progress import NotFinished
from tests.bench.race import Figures
from tests.bench.recipients import Recipients
from tests.bench.spread import spread
from tests.bench.stage import staged

WAITING: Final = 100
"""So many events wait for the worker."""
LIMIT_S: Final = 120


def startup(place: Place, rounds: int) -> Figures:
    """Seconds from process start to first delivery."""
    took = []
    for turn in range(rounds):
        took.append(_once(place))
        tell(f"round {turn + 1}/{rounds}  start to first delivery {took[-1]:.1f} s")
    return {"first_delivery_s": spread(took, 2)}


def _once(place: Place) -> float:
    stage = place.stage("startup")
    with staged(stage):
        stage.fill(place.events, WAITING)
        recipients = Recipients(stage)
        recipients.start()
        begun = time.monotonic()
        with running([HUB.child(stage)], stage.folder) as started:
            arrived = recipients.wait_for(1, LIMIT_S)
            started.check()
        recipients.finish()
        if not arrived:
            raise NotFinished(f"no delivery within {LIMIT_S} s")
        return min(recipients.read_at.values()) - begun
