"""One run from beginning to end: a broker, every section that was asked for, the result."""

import os
import platform
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from hub.broker.jars import KAFKA_VERSION
from tests.bench.contender import Ended
from tests.bench.contenders import ALL
from tests.bench.events import VALUE_BYTES
from tests.bench.growth import by_parties, by_workers
from tests.bench.latency import latency
from tests.bench.memory import memory
from tests.bench.place import Place, now, opened, tell
from tests.bench.plan import Plan
from tests.bench.progress import NotFinished
from tests.bench.race import Figures, race
from tests.bench.startup import startup
from tests.bench.targets import judged


def run(plan: Plan) -> dict[str, Any]:
    """Measure all of the plan; the result as it is written down."""
    result: dict[str, Any] = {
        "at": now().isoformat(),
        "machine": {
            "cores": os.cpu_count(),
            "system": platform.system(),
            "python": platform.python_version(),
            "kafka": KAFKA_VERSION,
        },
        "plan": asdict(plan) | {"names": list(plan.names), "event_bytes": VALUE_BYTES},
    }
    with opened() as place:
        result |= _measured(place, plan)
    result["targets"] = judged(result)
    return result


def _measured(place: Place, plan: Plan) -> Figures:
    found: Figures = {}
    contenders = [contender for contender in ALL if contender.name in plan.names]
    if contenders:
        found["contenders"] = race(place, contenders, plan.events, plan.rounds)
    if "latency" in plan.names:
        found["latency"] = latency(place, plan.rounds, plan.latency_s, plan.warm_up_s)
    if "startup" in plan.names:
        found["startup"] = _or_fault(lambda: startup(place, plan.rounds))
    growth: Figures = {}
    if "growth-parties" in plan.names:
        growth["parties"] = by_parties(place, plan.events, plan.rounds)
    if "growth-workers" in plan.names:
        growth["workers"] = by_workers(place, plan.events, plan.rounds)
    if growth:
        found["growth"] = growth
    if "memory" in plan.names:
        found["memory"] = _or_fault(lambda: memory(place, plan.memory_events))
    return found


def _or_fault(measure: Callable[[], Figures]) -> Figures:
    """The figures, or what went wrong: one section's fault does not cost the others."""
    try:
        return measure()
    except (Ended, NotFinished) as fault:
        tell(str(fault))
        return {"fault": str(fault)}
