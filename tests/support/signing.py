"""Keys of invented parties, and events signed with them."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Final, NamedTuple

from hub.domain.decision import Decision, Limits
from hub.domain.parties import Parties
from hub.signing.issuing import issue
from hub.signing.keyring import Keyring, open_keyring, open_registry
from hub.signing.keys import HUB, Key, Keys, Use
from hub.signing.notary import Notary
from hub.signing.options import Options
from schemas.codec import Record, encode
from schemas.data import Data
from schemas.envelope import Event
from tests.support.builders import DIEBURG, EPPERTSHAUSEN, KFB, NOW

Encrypt = Callable[[Decision], Decision]
A_YEAR: Final = timedelta(days=365)


class Desk(NamedTuple):
    """A registry of keys on disk, with the private halves beside it."""

    folder: Path

    @property
    def options(self) -> Options:
        """As settings name them."""
        return Options(keys_file=self.folder / "keys.toml", private_keys=self.folder / "keys")

    @property
    def registry(self) -> Path:
        """The registry's file."""
        return self.folder / "keys.toml"

    @property
    def private(self) -> Path:
        """The folder of private halves."""
        return self.folder / "keys"

    def issue(
        self, *parties: str, at: datetime = NOW - timedelta(days=1), valid: timedelta = A_YEAR
    ) -> Key:
        """A key that signs for these parties."""
        return issue(self.registry, self.private, parties, at, valid=valid)

    def seal(self, at: datetime = NOW - timedelta(days=1)) -> Key:
        """A key that seals for the hub."""
        return issue(self.registry, self.private, [HUB], at, use=Use.SEAL)

    def keyring(self) -> Keyring:
        """What signs here."""
        found = open_keyring(self.options)
        assert found is not None
        return found

    def keys(self) -> Keys:
        """The registry as it is now."""
        found = open_registry(self.options)
        assert found is not None
        return found()

    def signed(self, event: Event[Data] | Record, at: datetime = NOW) -> Record:
        """The event as a connector would publish it at this moment."""
        record = event if isinstance(event, Record) else encode(event)
        return self.keyring().signed(record, int(at.timestamp()))

    def notary(self, parties: Parties, encrypt: Encrypt | None = None) -> Notary:
        """Checks and seals by these keys."""
        ring, registry = self.keyring(), open_registry(self.options)
        assert registry is not None
        sealer = partial(ring.signer, HUB, Use.SEAL)
        return Notary(registry, sealer, parties, Limits(), encrypt=encrypt)


def a_desk(
    folder: Path,
    parties: Iterable[str] = (KFB, EPPERTSHAUSEN, DIEBURG),
    at: datetime = NOW - timedelta(days=1),
) -> Desk:
    """Keys for these parties, each its own, and one for the hub's seal."""
    desk = Desk(folder)
    for party in parties:
        desk.issue(party, at=at)
    desk.seal(at)
    return desk


def today_s() -> int:
    """Now, seconds since 1970."""
    return int(datetime.now(UTC).timestamp())
