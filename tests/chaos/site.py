"""Where a fault is played: a Kafka of the kind it needs."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from hub.broker.cluster import Cluster
from hub.broker.errors import DownloadFailed
from hub.errors import MissingPart
from tests.chaos.small_disk import SmallDisk, small_disk
from tests.support.parts import missing

BROKER_DISK_MB = 160


@dataclass(frozen=True, slots=True)
class Ground:
    """What kind of Kafka a fault is played on."""

    brokers: int = 1
    small_disk: bool = False
    """Whether its data lie on a disk that can be filled."""


@dataclass(frozen=True, slots=True)
class Site:
    """A running Kafka and, where it has one, its small disk."""

    cluster: Cluster
    disk: SmallDisk | None = None


@contextmanager
def site(ground: Ground, folder: Path) -> Iterator[Site]:
    """A Kafka of this kind; a part that cannot be had here is `missing`."""
    with ExitStack() as parts:
        disk, settings = None, {}
        if ground.small_disk:
            disk = parts.enter_context(small_disk(folder / "disk", BROKER_DISK_MB))
            settings["log.dirs"] = str(disk.folder / "data")
            (folder / "kafka" / "node-1").mkdir(parents=True)
        try:
            cluster = Cluster.start(folder / "kafka", ground.brokers, settings=settings)
        except (MissingPart, DownloadFailed) as error:
            missing("Apache Kafka", f"{error}; {error.remedy}")
        yield Site(parts.enter_context(cluster), disk)
