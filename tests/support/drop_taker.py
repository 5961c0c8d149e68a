"""A process that takes files: `python -m tests.support.drop_taker ROOT [--kill-at N]`.

Writes one JSON line for each batch it was handed and each it acknowledged, and at its end, when
the inbox has been empty for a while, how much memory it needed.
"""

import argparse
import json
import os
import re
import resource
import signal
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, Final

import structlog

from connectors.base import Batch
from connectors.file_drop.options import FileDropOptions
from connectors.file_drop.source import FileDropSource

QUIET_READS: Final = 20


def main(arguments: list[str]) -> None:
    """Take files until there are none; with `--kill-at N` end hard, holding batch N."""
    parser = argparse.ArgumentParser()
    parser.add_argument("root", type=Path)
    parser.add_argument("--kill-at", type=int, default=0)
    parser.add_argument("--batch-events", type=int, default=500)
    told = parser.parse_args(arguments)
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    options = FileDropOptions(
        root=told.root, settle_ms=0, poll_ms=10, batch_events=told.batch_events
    )
    with closing(FileDropSource(options)) as source:
        for number, batch in enumerate(_batches(source), start=1):
            say(handed=[event.context.id for event in batch.events])
            if number == told.kill_at:
                os.kill(os.getpid(), signal.SIGKILL)
            batch.acknowledge()
            say(acknowledged=[event.context.id for event in batch.events])
    say(peak_mib=peak_mib())


def _batches(source: FileDropSource) -> Iterator[Batch]:
    quiet = 0
    while quiet < QUIET_READS:
        batch = source.read()
        quiet = quiet + 1 if batch is None else 0
        if batch is not None:
            yield batch


def peak_mib() -> int:
    """The most memory this program had; the kernel's other count has its parent's in it."""
    status = Path("/proc/self/status")
    if status.exists():
        (peak,) = re.findall(r"^VmHWM:\s+(\d+) kB", status.read_text(), re.MULTILINE)
        return int(peak) // 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def say(**what: Any) -> None:  # noqa: ANN401 - JSON
    """One line on stdout, there even if the process ends hard right afterwards."""
    print(json.dumps(what), flush=True)  # noqa: T201 - this is what the process is for


if __name__ == "__main__":
    main(sys.argv[1:])
