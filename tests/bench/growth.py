"""How throughput grows with parties and with workers."""

from pathlib import Path
from typing import Final

import hub
from tests.bench import contenders
from tests.bench.events import PARTITIONS, Events
from tests.bench.lap import Lap, run_lap, run_together
from tests.bench.place import Place, now
from tests.bench.race import Figures, interleaved
from tests.bench.registry import MOST, parties, write_registry
from tests.bench.spread import Spread

FEW: Final = 24
WORKERS: Final = (1, 2, 4)
HUB: Final = contenders.BY_NAME["hub-complete"]
SHIPPED: Final = Path(hub.__file__).with_name("parties.toml")


def by_parties(place: Place, count: int, rounds: int) -> Figures:
    """The hub's complete routing with the district's parties, and with a thousand."""
    file = write_registry(place.folder / "parties.toml", SHIPPED, MOST)
    many = parties(MOST)
    their_events = Events(many, now())

    few, most = f"{FEW} parties", f"{MOST} parties"

    def run(way: str) -> Lap:
        if way == few:
            return run_lap(HUB, place.stage(f"{FEW}-parties"), place.events, count)
        stage = place.stage(f"{MOST}-parties", many, file)
        return run_lap(HUB, stage, their_events, count)

    return _grown(interleaved(rounds, (few, most), run))


def by_workers(place: Place, count: int, rounds: int) -> Figures:
    """The hub's complete routing by 1, 2 and 4 workers of one group, on as many partitions."""
    ways = {f"{number} worker{'s'[: number > 1]}": number for number in WORKERS}

    def run(way: str) -> Lap:
        stage = place.stage(way.replace(" ", "-"))
        workers = [contenders.hub(stage, number) for number in range(ways[way])]
        return run_together(HUB, workers, stage, place.events, count)

    return {"partitions": PARTITIONS} | _grown(interleaved(rounds, list(ways), run))


def _grown(measured: tuple[dict[str, Spread], dict[str, str]]) -> Figures:
    """The figures, and each one's ratio to the first."""
    found, faults = measured
    least = next(iter(found.values()), {}).get("median")
    ratios = {way: round(one["median"] / least, 2) for way, one in found.items() if least}
    return {"events_per_s": found, "ratio": ratios} | ({"fault": faults} if faults else {})
