"""The Kafka that tests share: the one named by the environment, else one of our own."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from hub.broker.cluster import Cluster, prepare
from hub.broker.errors import DownloadFailed
from hub.errors import MissingPart
from tests.support.parts import missing

BOOTSTRAP: Final = "KURZE_WEGE_BOOTSTRAP"
"""Names a broker that is already there (`host:port`); the tests then start none to share."""


@contextmanager
def shared_kafka(folder: Path) -> Iterator[str]:
    """The bootstrap address of a Kafka to share, started in this folder if need be."""
    if there := os.environ.get(BOOTSTRAP):
        yield there
        return
    with cluster(folder) as started:
        yield started.bootstrap


@contextmanager
def cluster(folder: Path, brokers: int = 1, *, secured: bool = False) -> Iterator[Cluster]:
    """A Kafka of a test's own; the test is skipped when its parts cannot be had."""
    try:
        prepare(print)
        started = Cluster.start(folder, brokers, progress=print, secured=secured)
    except (MissingPart, DownloadFailed) as error:
        missing("Apache Kafka", f"{error}; {error.remedy}")
    with started:
        yield started
