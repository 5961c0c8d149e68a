"""The keys that a deployment signs and seals with: a file for each kind of process that does."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Final, NamedTuple

from hub.signing.issuing import issue
from hub.signing.keys import HUB, Use

REGISTRY: Final = "signing_keys"
"""The file with all public halves: it is no secret, and every process is given it."""


class Wanted(NamedTuple):
    """A file with a private key."""

    name: str
    parties: Sequence[str]
    use: Use = Use.SIGN


def wanted(parties: Iterable[str], desk: str) -> list[Wanted]:
    """What is wanted where these parties take part and this one has the back office."""
    return [
        Wanted("worker_signing_key", [HUB], Use.SEAL),
        Wanted("door_signing_key", list(parties)),
        Wanted("mailbox_signing_key", [HUB]),
        Wanted("desk_signing_key", [desk]),
    ]


def make(folder: Path, keys: Iterable[Wanted], now: datetime) -> list[str]:
    """Make those that are not there yet; the names of the files that were made.

    Without a registry all are made anew: nobody would know the public halves.
    """
    registry = folder / REGISTRY
    is_new = not registry.exists()
    made: list[str] = []
    for key in keys:
        file = folder / key.name
        if is_new:
            file.unlink(missing_ok=True)
        if file.exists():
            continue
        file.touch()  # a file, not a folder of files
        issue(registry, file, key.parties, now, use=key.use)
        file.chmod(0o644)  # as all files of this folder: a container reads it whatever its user
        made.append(key.name)
    return [*made, REGISTRY] if made and is_new else made
