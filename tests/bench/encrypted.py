"""A worker that opens and encrypts, and a backlog as doors have encrypted it."""

import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from itertools import islice
from typing import Final

from hub.keeper import Child
from hub.stores.vault.keys import SqlKeys
from hub.vault import master
from hub.vault.encrypter import Encrypter
from hub.vault.keyring import Keyring
from schemas.codec import Record
from tests.bench.stage import Placed, Stage
from tests.support.vault import a_master_key

AT_A_TIME: Final = 500


def with_vault(stage: Stage, child: Child) -> Child:
    """The same process with a vault of the stage's own."""
    key = stage.folder / f"{stage.prefix}master"
    stage.folder.mkdir(parents=True, exist_ok=True)
    if not key.exists():
        a_master_key(stage.folder, key.name)
    env = {"HUB_VAULT__DATABASE": _url(stage), "HUB_VAULT__MASTER_KEY_FILE": str(key)}
    return Child(f"{child.name}-encrypted", child.argv, {**child.env, **env})


def encrypted(stage: Stage, records: Placed) -> Iterator[tuple[int, Record]]:
    """The records as doors put them on the topic; each case has a key of its own by then."""
    key = master.load(stage.folder / f"{stage.prefix}master")
    with closing(SqlKeys(_url(stage), key, lambda: datetime.now(UTC))) as kept:
        encrypt = Encrypter(Keyring(kept, time.monotonic))
        waiting = iter(records)
        while some := list(islice(waiting, AT_A_TIME)):
            done = encrypt([record for _, record in some])
            yield from zip((place for place, _ in some), done, strict=True)


def _url(stage: Stage) -> str:
    return f"sqlite:///{stage.folder}/{stage.prefix}vault.sqlite"
