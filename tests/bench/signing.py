"""A worker that checks and seals, and a backlog as doors have signed it."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from hub.keeper import Child
from hub.signing.issuing import issue
from hub.signing.keyring import open_keyring
from hub.signing.keys import HUB, Use
from hub.signing.options import Options
from schemas.codec import Record
from tests.bench.stage import Placed, Stage
from tests.support.district import PARTIES


def where(folder: Path) -> Options:
    """Where the keys of this folder lie."""
    return Options(keys_file=folder / "keys.toml", private_keys=folder / "keys")


def keys(folder: Path) -> Options:
    """A key for each party and one for the seal; made where they are not there yet."""
    options, now = where(folder), datetime.now(UTC)
    registry, private = folder / "keys.toml", folder / "keys"
    if not registry.exists():
        for party in PARTIES:
            issue(registry, private, [party], now)
        issue(registry, private, [HUB], now, use=Use.SEAL)
    return options


def with_keys(stage: Stage, child: Child) -> Child:
    """The same process with keys of the stage's own; every event must be signed."""
    made = keys(stage.folder / stage.prefix)
    named = {"KEYS_FILE": made.keys_file, "PRIVATE_KEYS": made.private_keys}
    env = {f"HUB_SIGNATURES__{name}": str(path) for name, path in named.items()}
    return Child(f"{child.name}-signed", child.argv, {**child.env, **env})


def signed(stage: Stage, records: Placed) -> Iterator[tuple[int, Record]]:
    """The records as doors put them on the topic, once `with_keys` has made the keys."""
    ring = open_keyring(where(stage.folder / stage.prefix))
    assert ring is not None
    for place, record in records:
        yield place, ring.signed(record, int(time.time()))
