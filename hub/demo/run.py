"""The demo, whole: start the parts, let the day happen, say what came of it, end the parts."""

import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from typing import Final

from hub.demo import evening, offices
from hub.demo.day import Day
from hub.demo.errors import Interrupted
from hub.demo.options import Options
from hub.demo.parts import Leave, Parts, running
from hub.demo.readiness import await_ready
from hub.demo.reckoning import wanted, wanted_receipts
from hub.demo.sample import Sample, load
from hub.demo.screen import Screen
from hub.demo.summary import Summary
from hub.demo.waiting import Patience
from hub.demo.where import where_to_look

A_DAY: Final = timedelta(days=1)


def run(
    options: Options,
    flags: Mapping[str, object],
    stop: threading.Event,
    show: Callable[[Summary], None],
) -> Summary:
    """What became of the day; `show` gets it as soon as the day is over.

    Without `once` everything then stays up until `stop` is set. `flags` are the settings given on
    the command line. Returns with every process ended. Raises HubError.
    """
    # Yesterday: whatever the hour, no event of the day lies in the future.
    day = datetime.now(UTC).date() - A_DAY
    sample = load(day, options.sample)
    with (
        Screen(*_amounts(sample)) as screen,
        running(options, flags, screen.tell) as parts,
    ):
        patience = Patience(stop)
        await_ready(parts, options, patience)
        screen.tell("The day begins")
        summary = Day(sample, parts, options, stop, screen.progress).run()
        screen.day_is_over()
        show(summary)
        if not summary.is_right:
            screen.tell(f"Not everything went as it should; the logs are in {parts.logs}")
        if not options.once:
            _stay(parts, day, screen, stop)
        if summary.is_right:
            parts.leave = Leave.NOTHING if options.once else Leave.READABLE
        screen.tell("Ending all processes")
    return summary


def _amounts(sample: Sample) -> tuple[int, int]:
    expected = sample.expected
    events = len(expected.events) + len(expected.faults)
    return events, len(wanted(expected)) + wanted_receipts(expected).total()


def _stay(parts: Parts, day: date, screen: Screen, stop: threading.Event) -> None:
    """Open the back offices, say where everything is, and wait; a stop ends it at any time."""
    patience = Patience(stop)
    with suppress(Interrupted):
        screen.tell("Opening the back offices")
        evening.hand_in(parts, day, patience)
        with offices.opened(parts, patience) as opened:
            for line in where_to_look(parts, opened):
                screen.tell(line)
            stop.wait()
