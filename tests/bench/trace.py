"""How fast a trail is found among a million ledger lines on PostgreSQL.

    python -m tests.bench.trace --lines 1000000 -o json

Loads lines by COPY into a PostgreSQL of its own, then asks for trails by the ids of cases, events
and copies drawn from a seed, for a report of all of it and for a statement. `first_ms` is the first
trail of the process: it loads the calendar of public holidays.
"""

import argparse
import json
import random
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
from sqlalchemy import Engine
from sqlalchemy.engine import make_url

from hub.party_file import load_parties
from hub.stores.ledger import days, figures
from hub.stores.ledger.cases import cases
from hub.stores.ledger.reading import open_ledger
from hub.stores.ledger.tables import ledger, written
from hub.stores.ledger.upgrade import upgrade
from hub.trail import local_time
from hub.trail.offices import Offices
from hub.trail.report import Report
from hub.trail.statement import statement
from hub.trail.trail import trail_of
from hub.trail.wording import plain
from tests.support.postgres import started

BEGIN = datetime(2026, 1, 5, 8, tzinfo=UTC)
NOW = datetime(2026, 12, 31, tzinfo=UTC)
STATUSES = ("accepted", "appointment-made", "in-progress", "completed")
PER_CASE = 1 + len(STATUSES)
"""A case has a request and these steps."""
TARGET_MS = 200


@dataclass(frozen=True, slots=True)
class Spread:
    """How long it took, in milliseconds."""

    median: float
    p99: float
    slowest: float


def main() -> int:
    """Run it; 1 if a trail took longer than it may."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lines", type=int, default=1_000_000)
    parser.add_argument("--asked", type=int, default=300, help="trails of each kind")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("-o", "--output", choices=("table", "json"), default="table")
    given = parser.parse_args()
    with started() as server:
        url = server.new_database()
        upgrade(url)
        found = {"lines": given.lines} | _load(url, given.lines)
        engine = open_ledger(url)
        chance = random.Random(given.seed)
        kinds = (("case", "case-{}"), ("event", "e-{}-2"), ("copy", "d-{}-0"))
        first = _asked(engine, _ids(chance, "case-{}", given.lines, 1))
        trails = {
            kind: _asked(engine, _ids(chance, form, given.lines, given.asked))
            for kind, form in kinds
        }
        found |= {"first_ms": first.slowest}
        found |= {"trace_ms": {kind: asdict(spread) for kind, spread in trails.items()}}
        found |= {"report_s": _timed(lambda: _report(engine))}
        found |= {"statement_s": _timed(lambda: _statement(engine))}
        engine.dispose()
    slowest = max(spread.slowest for spread in trails.values())
    found |= {"target_ms": TARGET_MS, "slowest_ms": slowest, "met": slowest < TARGET_MS}
    if given.output == "json":
        print(json.dumps(found, indent=2))  # noqa: T201 - the output
    else:
        for name, value in found.items():
            print(f"{name:14} {value}")  # noqa: T201 - the output
    return 0 if found["met"] else 1


def _load(url: str, lines: int) -> dict[str, float]:
    """Fill the tables; returns how long that took and how large they are."""
    address = make_url(url)
    conninfo = f"host={address.query['host']} user={address.username} dbname={address.database}"
    begun = time.perf_counter()
    with psycopg.connect(conninfo) as connection, connection.cursor() as cursor:
        for table, rows in ((ledger, _lines(lines)), (written, _written(lines))):
            names = ", ".join(column.name for column in table.columns)
            with cursor.copy(f"COPY {table.name} ({names}) FROM STDIN".encode()) as copy:
                for row in rows:
                    copy.write_row(row)
        connection.commit()
        cursor.execute("SELECT pg_database_size(current_database())")
        (size,) = cursor.fetchone() or (0,)
    with psycopg.connect(conninfo, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")
    return {"load_s": round(time.perf_counter() - begun, 1), "size_mb": round(size / 1e6)}


def _lines(lines: int) -> Iterator[tuple[Any, ...]]:
    """Cases that overlap: the steps of one lie far from each other, as in a year they do."""
    width = lines // PER_CASE
    for offset in range(lines):
        case, step = offset % width, offset // width
        at = _at(case, step)
        sender = f"06432{1 + case % 23:03}"
        request = step == 0
        values = {
            "line_partition": 0,
            "line_offset": offset,
            "recorded_at": at,
            "verdict": "routed",
            "subject": f"case-{case}",
            "event_id": f"e-{case}-{step}",
            "event_type": "referral.requested" if request else "referral.status-changed",
            "sender": sender if request else "kfb",
            "source": f"//kurze-wege/{sender}/rathaus",
            "sent_at": at,
            "received_at": at,
            "topic": "referrals",
            "topic_partition": case % 4,
            "topic_offset": offset,
            "problems": "",
            "status": None if request else STATUSES[(step - 1) % len(STATUSES)],
            "service": "debt_counselling" if request else None,
            "owner": "kfb" if request else None,
            "outcome": "enrolled" if step == PER_CASE - 1 else None,
            "appointment_at": at + timedelta(days=2) if step == 2 else None,
        }
        yield tuple(values.get(column.name) for column in ledger.columns)


def _written(lines: int) -> Iterator[tuple[Any, ...]]:
    width = lines // PER_CASE
    for offset in range(lines):
        case, step = offset % width, offset // width
        sender = f"06432{1 + case % 23:03}"
        kind = "referral.status-changed" if step else "referral.requested"
        asked, told = (sender, "kfb") if step else ("kfb", sender)
        at = _at(case, step)
        yield 0, offset, 0, asked, f"d-{case}-{step}", kind, "some-rule", at
        yield 0, offset, 1, told, f"r-{case}-{step}", "receipt.delivered", None, at


def _at(case: int, step: int) -> datetime:
    return BEGIN + timedelta(minutes=(case * 7) % 400_000) + timedelta(days=2 * step)


def _ids(chance: random.Random, form: str, lines: int, asked: int) -> list[str]:
    return [form.format(chance.randrange(lines // PER_CASE)) for _ in range(asked)]


def _asked(engine: Engine, ids: list[str]) -> Spread:
    """Each id asked for as the command does it: connect, find, make the trail, make the JSON."""
    offices = Offices(load_parties())
    took = []
    for wanted in ids:
        engine.dispose()
        begun = time.perf_counter()
        with engine.connect() as connection:
            found = cases(connection, wanted)
        said = [plain(trail_of(lines, NOW, offices, {}, {wanted})) for lines in found]
        json.dumps(said)
        took.append(1000 * (time.perf_counter() - begun))
        if len(found) != 1 or len(found[0]) != PER_CASE:
            raise RuntimeError(f"{wanted}: {len(found)} cases")
    took.sort()
    return Spread(
        round(took[len(took) // 2], 1), round(took[int(0.99 * len(took))], 1), round(took[-1], 1)
    )


def _report(engine: Engine) -> None:
    span = BEGIN - timedelta(days=1), NOW
    counted = Report(Offices(load_parties()), *span, NOW)
    with engine.connect() as connection:
        counted.count_referrals(figures.referrals(connection, *span))
        counted.count_refused(figures.refused(connection, *span))
        counted.count_handovers(figures.handovers(connection, *span))
    print(f"{counted.figures()[-1].referrals} referrals", file=sys.stderr)  # noqa: T201 - progress


def _statement(engine: Engine) -> None:
    day = BEGIN.date() + timedelta(days=60)
    span = local_time.begin(day), local_time.end(day)
    with engine.connect() as connection:
        said = statement(day, "kfb", days.written_to(connection, "kfb", *span))
        list(days.numbers_of(connection, "kfb", *span))
    print(f"{said.count} written to kfb that day", file=sys.stderr)  # noqa: T201 - progress


def _timed(act: Callable[[], None]) -> float:
    begun = time.perf_counter()
    act()
    return round(time.perf_counter() - begun, 2)


if __name__ == "__main__":
    sys.exit(main())
