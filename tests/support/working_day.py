"""Writes what one working day of the district looks like, and what must become of it.

    python -m tests.support.working_day FOLDER [--seed 23] [--events 400] [--day 2024-05-06]
    python -m tests.support.working_day FOLDER --evening

The evening is what comes in behind it, when the offices are closed. Without a day, its dates are
written as `{{day}}`, `{{day-3}}` and, in tables, `{{tag-3}}`.
"""

import argparse
import random
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

from schemas.data import Data
from schemas.envelope import Event
from tests.support.channels import channel_of
from tests.support.day_files import Handed, as_document, files, posts
from tests.support.day_plan import ROUND_HOURS, SOME_DAY, Planned, evening, plan
from tests.support.desk import Desk
from tests.support.event_stream import events
from tests.support.offer_oracle import Said, said_of_offers
from tests.support.people import People
from tests.support.planted_faults import Fault, plant
from tests.support.relative_dates import dated
from tests.support.routing_oracle import Expected, Oracle

SEED: Final = 23
EVENTS: Final = 400
SAMPLE: Final = "hub/demo/day"
SAMPLE_EVENING: Final = "hub/demo/evening"
NUMBERS_OF_DAY: Final = 90_000
"""No system numbers so many events in a day; those of the evening come behind."""
__all__ = ["Day", "events", "make_day", "make_evening", "write_day"]


@dataclass(frozen=True, slots=True)
class Day:
    """A day, ready to be written."""

    files: dict[str, str]
    """Each file's text by its name below the folder."""
    markers: dict[str, str]
    """Each marker in use and its field."""


def make_day(
    seed: int = SEED, n: int = EVENTS, day: date | None = None, *, markers: bool = False
) -> Day:
    """About `n` events in files and posts, and `expected.json`: the same for the same seed."""
    chance = random.Random(seed)
    desk = Desk(chance, People(chance, markers=markers), SOME_DAY)
    planned = plan(desk, Oracle(), n)
    desk.now = SOME_DAY + timedelta(hours=ROUND_HOURS[0])
    faults = list(plant(desk, planned))
    handed = [
        Handed(number, one.round, one.event.context.party, channel_of(one.event), one.event)
        for number, one in enumerate(planned)
    ]
    for number, fault in enumerate(faults, len(handed)):
        spoiled = (fault.round, fault.party, fault.channel, fault.event, fault.spoil)
        handed.insert(chance.randrange(len(handed)), Handed(number, *spoiled))
    texts, places = _texts(handed)
    texts["expected.json"] = as_document(_expected(seed, planned, faults, places))
    return Day({name: dated(text, day) for name, text in texts.items()}, desk.people.marked)


def make_evening(seed: int = SEED, day: date | None = None) -> Day:
    """The referrals of an evening in files, and `expected.json`: the same for the same seed."""
    chance = random.Random(seed)
    numbers: defaultdict[str, int] = defaultdict(lambda: NUMBERS_OF_DAY)
    desk = Desk(chance, People(chance), SOME_DAY, numbers)
    planned = evening(desk, Oracle())
    handed = [
        Handed(number, one.round, one.event.context.party, channel_of(one.event), one.event)
        for number, one in enumerate(planned)
    ]
    texts, places = _texts(handed)
    texts["expected.json"] = as_document(_expected(seed, planned, (), places))
    return Day({name: dated(text, day) for name, text in texts.items()}, {})


def _texts(handed: Sequence[Handed]) -> tuple[dict[str, str], dict[int, dict[str, Any]]]:
    texts: dict[str, str] = {}
    places: dict[int, dict[str, Any]] = {}
    posted, lines = posts(handed)
    for file in files(handed):
        texts[file.name] = file.text
        for number, line in file.lines.items():
            places[number] = {"file": file.name, "line": line, "round": file.round}
    texts["posts.jsonl"] = posted
    rounds = {one.number: one.round for one in handed}
    for number, line in lines.items():
        places[number] = {"file": "posts.jsonl", "line": line, "round": rounds[number]}
    return texts, places


def _expected(
    seed: int,
    planned: Sequence[Planned],
    faults: Sequence[Fault],
    places: dict[int, dict[str, Any]],
) -> dict[str, Any]:
    said = said_of_offers(planned)
    return {
        "seed": seed,
        "rounds": 1 + max(one.round for one in planned),
        "events": [
            _named(one.event, one.event.context.party)
            | _outcome(one.expected, said.get(one.event.context.id, ()))
            | places[number]
            for number, one in enumerate(planned)
        ],
        "faults": [
            {"kind": fault.kind, "at": fault.at, "code": fault.code}
            | _named(fault.event, fault.party)
            | places[number]
            for number, fault in enumerate(faults, len(planned))
        ],
    }


def _named(event: Event[Data], party: str) -> dict[str, Any]:
    context = event.context
    newest = event.data
    while (later := newest.upcast()) is not newest:
        newest = later
    return {
        "party": party,
        "source": context.source,
        "id": context.id,
        "type": newest.wire_type(),
        "subject": context.subject,
    }


def _outcome(expected: Expected, said: Sequence[Said]) -> dict[str, Any]:
    if expected.refused is not None:
        raise AssertionError("an event that was meant to be good is not: " + expected.refused)
    found: dict[str, Any] = {"recipients": expected.recipients}
    if expected.handover_to:
        found["handover_to"] = expected.handover_to
    if expected.without_address:
        found["without_address"] = expected.without_address
    if said:
        found["said"] = [one._asdict() for one in said]
    return found


def write_day(folder: Path, day: Day) -> None:
    """Put the files of a day into an empty or new folder."""
    for name, text in day.files.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8", newline="")


def main() -> None:
    """Write a day as the command line says."""
    parser = argparse.ArgumentParser(
        description=__doc__, prog="python -m tests.support.working_day"
    )
    parser.add_argument("folder", type=Path, help=f"where to; the committed sample is {SAMPLE}")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--events", type=int, default=EVENTS)
    parser.add_argument("--day", type=date.fromisoformat)
    parser.add_argument("--evening", action="store_true", help="only what comes in behind the day")
    parser.add_argument("--markers", action="store_true", help="a marker in every personal field")
    said = parser.parse_args()
    if said.evening:
        write_day(said.folder, make_evening(said.seed, said.day))
        return
    write_day(said.folder, make_day(said.seed, said.events, said.day, markers=said.markers))


if __name__ == "__main__":
    main()
