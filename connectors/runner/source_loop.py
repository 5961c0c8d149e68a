"""Brings what a source reads to Kafka, and tells the source when it has arrived."""

import threading
from collections.abc import Callable
from contextlib import closing, suppress
from functools import partial

import structlog

from connectors.base import Batch, Publish, Source
from connectors.runner.patience import Stopped, patiently

IDLE_S = 0.2
"""How long to leave a source alone that had nothing, in seconds."""
log = structlog.get_logger()


def run_source(
    source: Source,
    publish: Publish,
    stop: threading.Event,
    on_batch: Callable[[Batch], None] | None = None,
) -> None:
    """Read, publish, acknowledge, until `stop` is set; closes the source at the end.

    A batch that Kafka does not take is tried again for as long as it takes, and nothing is read
    after it meanwhile. A batch is acknowledged only when Kafka has every event of it; stopped
    before that, it is left with the source, which hands it in again. `on_batch` is called after
    the acknowledgement. Anything but Later is a bug and goes through: the process ends and its
    supervisor starts it again.
    """
    with closing(source), suppress(Stopped):
        while not stop.is_set():
            batch = patiently(source.read, stop, "read")
            if batch is None:
                stop.wait(IDLE_S)
                continue
            patiently(partial(publish, batch.events), stop, "publish")
            patiently(batch.acknowledge, stop, "acknowledge")
            _log_published(batch)
            if on_batch is not None:
                on_batch(batch)


def _log_published(batch: Batch) -> None:
    if batch.events:
        first, last = batch.events[0].context, batch.events[-1].context
        log.info("events_published", events=len(batch.events), first_id=first.id, last_id=last.id)
