"""Plays a script on a real hub, tick by tick, and says what came of it."""

import random
import time
from bisect import bisect_left
from dataclasses import asdict
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from tests.chaos.clock import Clock
from tests.chaos.quiet import Quiet, look
from tests.year.answers import Answers, answers, await_ledger
from tests.year.judge.heard import key_of, key_of_lowered, keys_of
from tests.year.judge.verdict import differences, judge
from tests.year.killing import Killing
from tests.year.listening import Wanted
from tests.year.oracle.expected import Expected
from tests.year.oracle.oracle import expect
from tests.year.outcome import Outcome
from tests.year.progress import Progress
from tests.year.script.script import Script
from tests.year.site import PREFIX, Site, site
from tests.year.ticks import SLACK

PATIENCE_S: Final = SLACK.total_seconds() * 2 / 3
"""How long all that follows from a tick may take to arrive; beyond it the year is given up."""
QUIET_WITHIN_S: Final = 60
AFTERWARDS: Final = timedelta(minutes=1)
"""So long after the last tick it is asked how things stand."""
SHOWN: Final = 10
"""So many of the things, cases and figures that differ are told in words."""
TWICE_WITHIN_S: Final = 1.0
"""So long after the end, whatever comes twice has come."""


def play(
    script: Script, folder: Path, *, workers: int, kill_every: int, progress: Progress
) -> Outcome:
    """The whole script, on a Kafka and a hub of its own in this folder.

    One worker is killed at every tick of `kill_every`; 0: none is.
    """
    expected = expect(script)
    progress.begin(script, expected)
    clock = Clock(folder)
    clock.turn_to(script.ticks[0])
    with site(folder, clock, workers) as there:
        killing = Killing(there.pids, random.Random(f"kills-{script.plan.seed}"), kill_every)
        year = Year(script, expected, there, killing, progress)
        try:
            year.play()
        finally:
            killing.end()
        quiet = year.come_to_rest()
        await_ledger(there.env["HUB_LEDGER__DATABASE"], there.listening.heard.lines)
        env = {**there.env, **clock.env}  # the report is asked for on the last day
        found = answers(env, folder, expected, script, script.ticks[-1] + AFTERWARDS)
        for words in (*found.standings.unexplained[:SHOWN], *found.report_differs[:SHOWN]):
            progress.say(words)
        return year.outcome(quiet, found)


class Year:
    """A script on its way."""

    def __init__(
        self,
        script: Script,
        expected: Expected,
        there: Site,
        killing: Killing,
        progress: Progress,
    ) -> None:
        """Nothing is said yet."""
        self._script = script
        self._expected = expected
        self._there = there
        self._killing = killing
        self._progress = progress
        self._wanted = _by_tick(script, expected)
        self._begun = time.monotonic()
        self._played = 0
        self._longest_s = 0.0

    def play(self) -> None:
        """Turn the clock from tick to tick; say, and wait for all that must follow."""
        there = self._there
        for tick in self._script.ticks:
            begun = time.monotonic()
            there.clock.turn_to(tick)
            self._killing.at_a_tick()
            said = [saying.event for saying in self._script.at.get(tick, ())]
            there.publish(said)
            arrived = there.listening.hear_all(self._wanted[tick], PATIENCE_S)
            self._longest_s = max(self._longest_s, time.monotonic() - begun)
            if not arrived:
                self._give_up(tick)
                return
            self._played += 1
            self._progress.at(tick, len(said), self._killing.killed)

    def _give_up(self, tick: datetime) -> None:
        lacking = self._there.listening.lacking(self._wanted[tick])
        self._progress.say(f"Given up: {len(lacking)} things did not come by {tick}.")
        for words in lacking[:SHOWN]:
            self._progress.say(words)

    def come_to_rest(self) -> Quiet:
        """What is still under way once nothing more comes."""
        there = self._there
        until = time.monotonic() + QUIET_WITHIN_S
        while True:
            quiet = look(there.connection, there.group, PREFIX)
            if not (quiet.lag or quiet.open_transactions) or time.monotonic() > until:
                break
            time.sleep(0.5)
        time.sleep(TWICE_WITHIN_S)
        there.listening.finish()
        return quiet

    def outcome(self, quiet: Quiet, found: Answers) -> Outcome:
        """What came of it."""
        script, plan = self._script, self._script.plan
        heard = self._there.listening.heard
        verdict = judge(self._expected, heard, script.ticks)
        if any(asdict(verdict).values()):
            for words in differences(self._expected, heard)[:SHOWN]:
                self._progress.say(words)
        restarts = sum(change.status is not None for change in self._there.changes)
        return Outcome(
            seed=plan.seed,
            days=plan.days,
            referrals=len(script.referrals),
            moves=len(script.moves),
            offers=len(script.offers),
            events=len(script.sayings),
            reminders=len(self._expected.reminders),
            **asdict(verdict),
            open_unexplained=len(found.standings.unexplained),
            report_matches=not found.report_differs,
            standing=dict(sorted(found.standings.explained.items())),
            lag=quiet.lag,
            open_transactions=quiet.open_transactions,
            played=self._played,
            ticks=len(script.ticks),
            kills=self._killing.killed,
            restarts=restarts,
            seconds=round(time.monotonic() - self._begun, 1),
            longest_tick_s=round(self._longest_s, 1),
        )


def _by_tick(script: Script, expected: Expected) -> dict[datetime, Wanted]:
    """What must follow from each tick."""
    found = {tick: Wanted(lane_news=expected.lane_news.get(tick, 0)) for tick in script.ticks}
    for told in expected.told:
        found[told.saying.at].keys.update(keys_of(told))
    for lowered in expected.lowered:
        found[lowered.at].keys[key_of_lowered(lowered)] += 1
    for reminder in expected.reminders:
        tick = script.ticks[bisect_left(script.ticks, reminder.at)]
        found[tick].reminders[key_of(reminder)] += 1
    return found
