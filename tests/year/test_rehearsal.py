"""The script on the hub's rules alone: two ways of working out a month come to the same."""

from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.year.answers import answers
from tests.year.judge.verdict import judge
from tests.year.offices import registry
from tests.year.oracle.oracle import expect
from tests.year.rehearsal import Rehearsal
from tests.year.script.script import Plan, write


def test_a_month_of_the_rules_is_a_month_of_the_script(
    request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    """Copies, refusals, reminders, trails and report: whatever the hub says, the oracle says."""
    seed = int(request.config.getoption("randomly_seed"))
    script = write(Plan(seed=seed).of_the_first(30))
    expected, rehearsal = expect(script), Rehearsal()
    parties, url = tmp_path / "parties.toml", f"sqlite:///{tmp_path / 'ledger.sqlite'}"
    parties.write_text(registry(), "utf-8")

    heard = rehearsal.play(script)
    rehearsal.keep_ledger(url)
    env = {"HUB_PARTIES": str(parties), "HUB_LEDGER__DATABASE": url}
    found = answers(env, tmp_path, expected, script, datetime.now(UTC))

    assert not any(asdict(judge(expected, heard, script.ticks)).values())
    assert found.report_differs == []
    assert found.standings.unexplained == []
    assert heard.left.total() == 0
