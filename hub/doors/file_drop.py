"""The door for files."""

import threading

from hub.doors.asked import known
from hub.doors.carrying import publisher
from hub.settings import Settings


def file_drop(settings: Settings, stop: threading.Event) -> None:
    """Hand in what parties drop into their folders; raises ConfigError."""
    from connectors.file_drop.source import FileDropSource
    from connectors.runner.source_loop import run_source

    known(settings, settings.file_drop.parties, "file_drop.parties", may_probe=True)
    with publisher(settings, "file_drop", settings.file_drop.parties) as publish:
        run_source(FileDropSource(settings.file_drop), publish, stop)
