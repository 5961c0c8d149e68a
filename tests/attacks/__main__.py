"""Attacks for as long as one likes: `python -m tests.attacks --minutes 10 -o json`.

Plays every decoder and door with new inputs until the time is over, or hostile records at the lanes
of a real worker: `python -m tests.attacks --records 100000`. Exit 0 only if all of it held: no
fault of ours, no stall, each refusal with a code, memory flat.
"""

import argparse
import json
import random
import sys
import tempfile
import time
import traceback
from collections.abc import Iterator
from contextlib import ExitStack, redirect_stdout
from pathlib import Path
from typing import Any, Final

import psutil

from hub import log
from tests.attacks import decoders, doors
from tests.attacks.fuzzing import attacked
from tests.attacks.lane import play

AT_ONCE: Final = 60
STALL_S: Final = 120.0
"""No input may take so long, on a machine however busy."""
GROWTH_MB: Final = 64.0
"""What may be added to the memory after the first third of the time."""


def main() -> int:
    """Attack, and say what came of it."""
    parser = argparse.ArgumentParser(prog="python -m tests.attacks", description=__doc__)
    parser.add_argument("--minutes", type=float, default=10, help="how long to attack")
    parser.add_argument("--records", type=int, help="attack lanes by so many records instead")
    parser.add_argument("--seed", type=int, default=None, help="the chance; printed if not given")
    parser.add_argument("-o", "--output", choices=("table", "json"), default="table")
    asked = parser.parse_args()
    chance = random.Random().randrange(2**32) if asked.seed is None else asked.seed
    sys.stderr.write(f"seed {chance}\n")
    with Path("/dev/null").open("w", encoding="utf-8") as nowhere:
        log.set_up(level="ERROR", foreign_level="CRITICAL", stream=nowhere)
        found = _lanes(asked.records, chance) if asked.records else _inputs(asked.minutes, chance)
    _print(found, asked.output)
    return 1 if found["faults"] else 0


def _inputs(minutes: float, chance: int) -> dict[str, Any]:
    begun, end = time.monotonic(), time.monotonic() + 60 * minutes
    faults: list[dict[str, str]] = []
    played, slowest, memory = dict.fromkeys(_attacks(), 0), 0.0, list[tuple[float, float]]()
    for number, name in enumerate(_in_turn()):
        if time.monotonic() >= end:
            break
        at = time.monotonic()
        try:
            attacked(_attacks()[name], AT_ONCE, chance + number)
        except Exception as fault:  # noqa: BLE001 - whatever was found is told
            faults.append(_fault(name, chance + number, fault))
        slowest = max(slowest, (time.monotonic() - at) / AT_ONCE)
        played[name] += AT_ONCE
        memory.append((at - begun, psutil.Process().memory_info().rss / 1e6))
        sys.stderr.write(f"{name}: {played[name]} inputs\n")
    doors.close()
    grown = _growth(memory)
    if grown > GROWTH_MB:
        faults.append({"attack": "all", "seed": str(chance), "what": f"{grown:.0f} MB more"})
    if slowest > STALL_S:
        faults.append({"attack": "all", "seed": str(chance), "what": f"{slowest:.0f} s an input"})
    return {
        "seconds": round(time.monotonic() - begun, 1),
        "inputs": played,
        "grown_mb": round(grown, 1),
        "slowest_ms_an_input": round(1000 * slowest, 1),
        "faults": faults,
    }


def _attacks() -> dict[str, decoders.Attack]:
    return decoders.ATTACKS | doors.ATTACKS


def _in_turn() -> Iterator[str]:
    while True:
        yield from _attacks()


def _growth(memory: list[tuple[float, float]]) -> float:
    """Megabytes from the first third's most to the last third's least."""
    if not memory:
        return 0.0
    whole = memory[-1][0]
    first = [mb for at, mb in memory if at <= whole / 3]
    last = [mb for at, mb in memory if at >= 2 * whole / 3]
    return max(0.0, min(last) - max(first))


def _lanes(count: int, chance: int) -> dict[str, Any]:
    from tests.support.kafka import shared_kafka  # noqa: PLC0415 - the other attacks need no broker

    begun = time.monotonic()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        stack.enter_context(redirect_stdout(sys.stderr))  # what the broker says is no data
        kafka = stack.enter_context(shared_kafka(folder / "kafka"))
        (folder / "worker").mkdir()
        try:
            prefix = f"attacked-{chance}."
            seen = play(kafka, prefix, folder / "worker", count, random.Random(chance))
        except Exception as fault:  # noqa: BLE001 - the same
            return {"faults": [_fault("lanes", chance, fault)]}
    faults = [{"attack": "lanes", "seed": str(chance), "what": one} for one in seen.faults()]
    seconds = round(time.monotonic() - begun, 1)
    return {"seconds": seconds, **seen._asdict(), "faults": faults}


def _fault(name: str, chance: int, fault: Exception) -> dict[str, str]:
    what = "".join(traceback.format_exception(fault, limit=-3))[-2000:]
    return {"attack": name, "seed": str(chance), "what": what}


def _print(found: dict[str, Any], output: str) -> None:
    if output == "json":
        sys.stdout.write(json.dumps(found, indent=2) + "\n")
        return
    for name, value in found.items():
        if name == "faults":
            for one in value:
                sys.stdout.write(f"{one['attack']} (seed {one['seed']}):\n{one['what']}\n")
        elif isinstance(value, dict):
            for inner, number in value.items():
                sys.stdout.write(f"{inner:28}{number}\n")
        else:
            sys.stdout.write(f"{name:28}{value}\n")


if __name__ == "__main__":
    sys.exit(main())
