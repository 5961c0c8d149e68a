"""Plays one fault on a hub and says what became of the events."""

import random
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

from kafka.admin import KafkaAdminClient

from hub.streaming.removal import remove
from tests.chaos import memory
from tests.chaos.faults import FAULTS, Fault
from tests.chaos.inbox import RowsVerdict
from tests.chaos.outcome import Outcome
from tests.chaos.quiet import Quiet, look
from tests.chaos.site import Site
from tests.chaos.stage import Stage

ARRIVES_WITHIN_S = 90
QUIET_WITHIN_S = 30
Keep = Callable[[str, int, Path], None]
"""Is told a run that went wrong, and the folder of its processes' logs, deleted afterwards."""


def play(
    name: str,
    seed: int,
    site: Site,
    *,
    rate: int = 200,
    trusted: bool = False,
    keep: Keep | None = None,
) -> Outcome:
    """Run the fault with this seed, with topics of its own that are removed again.

    `trusted`: every event is signed and encrypted, and every delivery is proven.
    """
    fault, chance = FAULTS[name], random.Random(f"{name}-{seed}")
    outcome = None
    with tempfile.TemporaryDirectory() as folder:
        stage = Stage(site.cluster, prefix(seed), seed, Path(folder), rate, trusted=trusted)
        try:
            with _running(stage, fault, site):
                fault.play(stage, chance)
                _settle(stage)
                quiet = _wait_until_quiet(stage)
                _read_out(stage, quiet)
                outcome = _outcome(name, seed, stage, quiet)
        finally:
            if keep is not None and (outcome is None or not outcome.is_right):
                keep(name, seed, Path(folder))
    _clear(stage)
    return outcome


def prefix(seed: int) -> str:
    """What stands before the names of a run's topics; short enough for any seed that is printed."""
    return f"c{seed}-{int(time.time())}."


@contextmanager
def _running(stage: Stage, fault: Fault, site: Site) -> Iterator[None]:
    """Workers that move events, and the fault's props; all ended on the way out."""
    with ExitStack() as running:
        stage.props = (*running.enter_context(fault.props(stage.folder)), site.disk)
        stage.dress = fault.dress(stage)
        running.callback(stage.stop)
        stage.audit.start()
        stage.scale(fault.workers)
        for inbox in stage.inboxes:
            bootstrap = stage.cluster.bootstrap
            sink = inbox.sink(bootstrap, stage.prefix, stage.folder, stage.told.env)
            running.enter_context(sink)
        stage.wait_until_complete()
        stage.traffic.start()
        stage.wait_until_moving()
        yield


def _settle(stage: Stage) -> None:
    """Stop the traffic and wait until all of it has arrived, or the limit is over."""
    stage.traffic.finish()
    stage.audit.wait_for(stage.sent, ARRIVES_WITHIN_S)
    for inbox in stage.inboxes:
        inbox.wait_for(stage.sent, ARRIVES_WITHIN_S)


def _read_out(stage: Stage, quiet: Quiet) -> None:
    """Let the audit read the ledger to its end, and whatever comes twice."""
    stage.audit.wait_for_ledger(quiet.records - stage.unreadable, ARRIVES_WITHIN_S)
    stage.audit.wait_for_news(ARRIVES_WITHIN_S)
    time.sleep(1.0)  # whatever comes twice comes now
    stage.audit.finish()


def _wait_until_quiet(stage: Stage) -> Quiet:
    """Lag 0 by the broker's own word and no transaction open, or what there is at the end."""
    until = time.monotonic() + QUIET_WITHIN_S
    while True:
        quiet = look(stage.connection, stage.group, stage.prefix)
        if (quiet.lag == 0 and quiet.open_transactions == 0) or time.monotonic() > until:
            return quiet
        time.sleep(0.5)


def _outcome(name: str, seed: int, stage: Stage, quiet: Quiet) -> Outcome:
    sent = stage.sent
    seen = stage.audit.verdict(sent, stage.outages)
    rows = [inbox.verdict(sent, stage.audit.news.said) for inbox in stage.inboxes] or [
        RowsVerdict()
    ]
    kept = memory.read(stage.cluster.bootstrap, stage.prefix)
    remembered = memory.compare(kept, sent)
    return Outcome(
        fault=name,
        seed=seed,
        sent=len(sent),
        lost=seen.lost,
        repeated=seen.repeated,
        out_of_order=seen.out_of_order,
        recovered_s=max(seen.longest_wait_s, *(each.longest_wait_s for each in rows)),
        within_s=FAULTS[name].within_s,
        unexpected=seen.unexpected,
        unledgered=quiet.records - stage.unreadable - len(stage.audit.ledger),
        forgotten=remembered.missing,
        unexplained=remembered.unknown,
        to_mend=memory.to_mend(stage.told.settings),
        unproven=stage.audit.unproven,
        rows_lost=sum(each.lost for each in rows),
        rows_repeated=sum(each.repeated for each in rows),
        rows_unexpected=sum(each.unexpected for each in rows),
        lag=quiet.lag,
        open_transactions=quiet.open_transactions,
        restarts=sum(change.status is not None for change in stage.changes),
    )


def _clear(stage: Stage) -> None:
    """Take the run's topics off the broker, so that the next run finds it as this one did."""
    with closing(KafkaAdminClient(**stage.connection)) as admin:
        topics = [name for name in admin.list_topics() if name.startswith(stage.prefix)]
    remove(stage.connection, topics, [])
