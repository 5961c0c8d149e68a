"""All contenders through the same backlog, round by round, so that noise hits all alike."""

from collections.abc import Callable, Sequence
from typing import Any

from tests.bench.contender import Contender, Ended, NotThere
from tests.bench.lap import Lap, run_lap
from tests.bench.place import Place, tell
from tests.bench.progress import NotFinished
from tests.bench.spread import Spread, spread

Figures = dict[str, Any]
"""What a section of the result holds: names, numbers, and more of the same."""


def race(place: Place, contenders: Sequence[Contender], count: int, rounds: int) -> Figures:
    """Figures of each contender by its name."""
    absent: dict[str, str] = {}
    faults: dict[str, str] = {}
    laps: dict[str, list[Lap]] = {contender.name: [] for contender in contenders}
    for turn in range(rounds):
        for contender in rotated(contenders, turn):
            name = contender.name
            if name in absent:
                continue
            try:
                lap = run_lap(contender, place.stage(name), place.events, count)
            except NotThere as missing:
                absent[name] = str(missing)
                tell(f"{name}: not there: {missing}")
            except (Ended, NotFinished) as fault:
                faults[name] = str(fault)
                tell(f"{name}: {fault}")
            else:
                laps[name].append(lap)
                tell(told(turn, rounds, name, lap))
    return {
        contender.name: {"says": contender.says}
        | ({"there": contender.name not in absent})
        | ({"why": absent[contender.name]} if contender.name in absent else {})
        | ({"fault": faults[contender.name]} if contender.name in faults else {})
        | (figures(contender, laps[contender.name]) if laps[contender.name] else {})
        for contender in contenders
    }


def rotated(several: Sequence[Contender], turn: int) -> list[Contender]:
    """The same in another order each round: nobody always runs after the same one."""
    begin = turn % len(several)
    return [*several[begin:], *several[:begin]]


def figures(contender: Contender, laps: Sequence[Lap]) -> Figures:
    """What the laps of one contender come to."""
    exact = all(lap.exact for lap in laps)
    return {
        "events_per_s": spread(lap.events_per_s for lap in laps),
        "per_cpu_s": spread(lap.per_cpu_s for lap in laps),
        "peak_mb": spread(lap.peak_mb for lap in laps),
        "exactly_once": contender.exactly_once and exact,
        "counted_exact": exact,
    }


def told(turn: int, rounds: int, name: str, lap: Lap) -> str:
    """One line about a lap."""
    exact = "exact" if lap.exact else f"NOT exact, {lap.delivered} delivered"
    return (
        f"round {turn + 1}/{rounds}  {name:16} {lap.events_per_s:8,.0f} events/s  "
        f"{lap.per_cpu_s:8,.0f} per CPU s  {lap.peak_mb:5.0f} MB  {exact}"
    )


def interleaved(
    rounds: int, ways: Sequence[str], run: Callable[[str], Lap]
) -> tuple[dict[str, Spread], dict[str, str]]:
    """Events per second of each way to run, round by round; and what went wrong, by way."""
    laps: dict[str, list[Lap]] = {way: [] for way in ways}
    faults: dict[str, str] = {}
    for turn in range(rounds):
        for way in ways:
            try:
                lap = run(way)
            except (Ended, NotFinished) as fault:
                faults[way] = str(fault)
                tell(f"{way}: {fault}")
            else:
                laps[way].append(lap)
                tell(told(turn, rounds, way, lap))
    found = {
        way: spread(lap.events_per_s for lap in several) for way, several in laps.items() if several
    }
    return found, faults
