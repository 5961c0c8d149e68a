"""What can happen to the database behind the inbox tables."""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.chaos.inbox import Inbox
from tests.chaos.small_disk import SmallDisk, small_disk
from tests.chaos.stage import Stage
from tests.support.postgres import Postgres, started

DISK_MB = 64


@contextmanager
def postgres(_folder: Path) -> Iterator[tuple[object, ...]]:
    """Inbox tables in a PostgreSQL that may be stopped."""
    with started() as server:
        yield server, Inbox(server.new_database())


@contextmanager
def sqlite(folder: Path) -> Iterator[tuple[object, ...]]:
    """Inbox tables in a SQLite file on a disk that may be filled."""
    with small_disk(folder / "inbox", DISK_MB) as disk:
        yield disk, Inbox(f"sqlite:///{disk.folder / 'backoffice.sqlite'}")


def database(stage: Stage, chance: random.Random) -> None:
    """PostgreSQL crashes and stays away, ten seconds to two minutes; events go on."""
    server = stage.prop(Postgres)
    stage.meanwhile(chance.uniform(2, 4))
    with stage.prop(Inbox).outages.span():
        server.stop()
        stage.meanwhile(10 * 12 ** chance.random())
        server.start()
    stage.meanwhile(chance.uniform(1, 3))


def database_full(stage: Stage, chance: random.Random) -> None:
    """The disk under the SQLite file is full, twice, and then there is space again."""
    disk = stage.prop(SmallDisk)
    for _ in range(2):
        stage.meanwhile(chance.uniform(1, 3))
        with stage.prop(Inbox).outages.span():
            disk.fill()
            stage.meanwhile(chance.uniform(2, 5))
            disk.free()
    stage.meanwhile(chance.uniform(1, 2))
