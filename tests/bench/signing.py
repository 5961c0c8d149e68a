"""The keys of a lap whose events are signed."""

from datetime import UTC, datetime
from pathlib import Path

from hub.signing.issuing import issue
from hub.signing.keys import HUB, Use
from hub.signing.options import Options
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
