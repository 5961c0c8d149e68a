"""How long an event takes from being accepted to being readable at its recipient."""

import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from hub.keeper import Child
from tests.bench import door
from tests.bench.contender import Contender, Ended, NotThere, Running, running
from tests.bench.contenders import BY_NAME
from tests.bench.lap import SETTLE_S
from tests.bench.load import Row
from tests.bench.place import Place, now, tell
from tests.bench.progress import NotFinished, await_members
from tests.bench.race import Figures
from tests.bench.recipients import Recipients
from tests.bench.spread import percentile, spread
from tests.bench.stage import Stage, staged

LATE_S: Final = 15
"""What has not arrived so long after the last was sent is lost."""


@dataclass(frozen=True, slots=True)
class Course:
    """One way to send, at one rate."""

    name: str
    contender: Contender
    rate: int
    """Events per second."""
    by_http: bool = False


COURSES: Final = (
    *(
        Course(f"http-{rate}", BY_NAME["hub-complete"], rate, by_http=True)
        for rate in (20, 200, 1000)
    ),
    Course("hub-200", BY_NAME["hub-complete"], 200),
    Course("kafka-streams-200", BY_NAME["kafka-streams"], 200),
)
"""The last two begin at the input topic: so the hub and Kafka Streams are compared."""


def latency(place: Place, rounds: int, seconds: int, warm_up_s: int) -> Figures:
    """Figures of each course by its name; `seconds` are measured after the warm-up."""
    found: dict[str, list[dict[str, float]]] = {course.name: [] for course in COURSES}
    faults: dict[str, str] = {}
    for turn in range(rounds):
        for course in COURSES:
            try:
                figures = _once(place, course, seconds, warm_up_s)
            except NotThere as missing:
                tell(f"{course.name}: not there: {missing}")
                continue
            except (Ended, NotFinished) as fault:
                faults[course.name] = str(fault)
                tell(f"{course.name}: {fault}")
                continue
            found[course.name].append(figures)
            words = "  ".join(f"{name} {value:,.1f}" for name, value in figures.items())
            tell(f"round {turn + 1}/{rounds}  {course.name:18} {words}")
    return {
        name: {figure: spread(one[figure] for one in several) for figure in several[0]}
        for name, several in found.items()
        if several
    } | ({"fault": faults} if faults else {})


def _once(place: Place, course: Course, seconds: int, warm_up_s: int) -> dict[str, float]:
    stage = place.stage(course.name)
    count, skip = course.rate * (seconds + warm_up_s), course.rate * warm_up_s
    with staged(stage), running([course.contender.child(stage)], stage.folder) as started:
        to = f"kafka://{stage.bootstrap}"
        if course.by_http:
            to = door.open_door(started, stage)
        await_members(stage, 1, SETTLE_S, started.check)
        recipients = Recipients(stage)
        recipients.start()
        rows = _sent(started, stage, to, course.rate, count)
        arrived = recipients.wait_for(len(rows), LATE_S)
        recipients.finish()
        started.check()
    if not arrived:
        missing = len(rows) - len(recipients.read_at)
        raise NotFinished(f"{missing} of {len(rows)} events did not arrive")
    return figures(rows, recipients.read_at, skip)


def _sent(started: Running, stage: Stage, to: str, rate: int, count: int) -> list[Row]:
    """Let the sender work to its end in a process of its own."""
    out = stage.folder / "sent.json"
    given = {"to": to, "topic": stage.source, "rate": rate, "count": count, "at": now(), "out": out}
    words = [word for name, value in given.items() for word in (f"--{name}", str(value))]
    sender = Child("load", [sys.executable, "-m", "tests.bench.load", *words])
    with running([sender], stage.folder) as sending:
        try:
            status = sending.wait_for_end(count / rate + SETTLE_S)
        finally:
            started.check()  # what they ended with says more than that nobody answered
        if status != 0:
            sending.check()
    rows: list[Row] = json.loads(out.read_text("ascii"))
    return rows


def figures(rows: Sequence[Row], read_at: dict[int, float], skip: int) -> dict[str, float]:
    """What is said about a course; the first events (`skip`, half at most) are left out."""
    kept = range(min(skip, len(rows) // 2), len(rows))
    waits = [(read_at[number] - rows[number][2]) * 1000 for number in kept]
    answers = [(rows[number][2] - rows[number][1]) * 1000 for number in kept]
    late = [(rows[number][1] - rows[number][0]) * 1000 for number in kept]
    span = rows[-1][2] - rows[kept.start][1]
    return {
        "p50_ms": percentile(waits, 0.5),
        "p99_ms": percentile(waits, 0.99),
        "max_ms": max(waits),
        "answer_p50_ms": percentile(answers, 0.5),
        "answer_p99_ms": percentile(answers, 0.99),
        "late_p99_ms": percentile(late, 0.99),
        "achieved_per_s": len(kept) / span,
    }
