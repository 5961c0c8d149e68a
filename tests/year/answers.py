"""What the hub itself says of the year at its end: its report, and the trail of every case."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from sqlalchemy import func, select

from connectors.sql.database import open_database
from hub.settings import Settings
from hub.stores.ledger.tables import ledger
from hub.trails import Trails
from tests.support.command import hub
from tests.support.waiting import until
from tests.year.judge.standing import Standings, compare, differences
from tests.year.oracle.expected import Expected
from tests.year.oracle.figures import figures
from tests.year.script.script import Script
from tests.year.working_days import local_day

KEPT_WITHIN_S: Final = 120


@dataclass(frozen=True, slots=True)
class Answers:
    """How they compare."""

    standings: Standings
    report_differs: list[str]
    """Figures that differ, in words."""


def answers(
    env: Mapping[str, str], folder: Path, expected: Expected, script: Script, now: datetime
) -> Answers:
    """Ask `hub report` and for every trail.

    `env` holds the settings, and the clock by which it is `now` there.
    """
    differs = differences(figures(expected, now), _reported(env, folder, script))
    settings = Settings.model_validate(
        {"parties": env["HUB_PARTIES"], "ledger": {"database": env["HUB_LEDGER__DATABASE"]}}
    )
    with Trails(settings) as trails:
        standings = compare(expected, lambda case: trails.trace(case, now))
    return Answers(standings, differs)


def await_ledger(url: str, lines: int) -> None:
    """Return when the tables have so many lines."""
    engine = open_database(url)

    def are_kept() -> bool:
        with engine.connect() as connection:
            found = connection.execute(select(func.count()).select_from(ledger))
            return int(found.scalar_one()) >= lines

    try:
        until(are_kept, KEPT_WITHIN_S)
    finally:
        engine.dispose()


def _reported(env: Mapping[str, str], folder: Path, script: Script) -> list[dict[str, Any]]:
    """The figures of the real command."""
    first, last = (local_day(tick).isoformat() for tick in (script.ticks[0], script.ticks[-1]))
    words = ("report", "--from", first, "--to", last, "-o", "json")
    said = hub(*words, folder=folder, env=env)
    if said.code:
        raise RuntimeError(said.err)
    found: list[dict[str, Any]] = said.data["figures"]
    return found
