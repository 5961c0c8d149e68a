"""A month of the year on a real hub: what CI plays; `make year` plays all of it."""

from pathlib import Path
from typing import Final

import pytest

from tests.year.progress import Progress
from tests.year.run import play
from tests.year.script.script import Plan, write

pytestmark = [pytest.mark.chaos, pytest.mark.broker, pytest.mark.timeout(600)]
MONTH: Final = 30
DAYS_WITH_KILLS: Final = 2


def test_a_month_is_as_it_is_written(request: pytest.FixtureRequest, tmp_path: Path) -> None:
    """Every event, reminder, trail and figure of December is what its script says."""
    seed = int(request.config.getoption("randomly_seed"))
    script = write(Plan(seed=seed).of_the_first(MONTH))

    outcome = play(script, tmp_path, workers=2, kill_every=0, progress=Progress())

    assert outcome.is_right, outcome


def test_some_days_with_workers_killed_all_along(
    request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    """The same, whatever worker dies when."""
    seed = int(request.config.getoption("randomly_seed"))
    script = write(Plan(seed=seed).of_the_first(DAYS_WITH_KILLS))

    outcome = play(script, tmp_path, workers=2, kill_every=8, progress=Progress())

    assert outcome.restarts >= outcome.kills > 0
    assert outcome.is_right, outcome
