"""What the processes of a run are told about it, and about keys where its events are trusted."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Self

from hub import origins, wiring
from hub.party_file import load_parties
from hub.settings import Settings
from hub.signing.keyring import open_keyring, open_registry
from hub.signing.verifying import Item, verify
from hub.vault.encrypter import Encrypter, Opener
from schemas.codec import Record, taken_apart
from tests.support.running_hub import GROUP
from tests.support.signing import a_desk, today_s
from tests.support.vault import a_master_key

ALREADY_VALID = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Told:
    """The settings of a run, and the part of them that is not every worker's anyway."""

    settings: Settings
    env: Mapping[str, str]

    @classmethod
    def of(cls, bootstrap: str, prefix: str, folder: Path, *, trusted: bool) -> Self:
        """Where the hub is; `trusted`: every event is signed and encrypted, with keys made here."""
        plain = {"kafka.bootstrap": bootstrap, "topic_prefix": prefix, "worker.group": GROUP}
        keys = _keys(folder) if trusted else {}
        env = {f"HUB_{name.upper().replace('.', '__')}": said for name, said in keys.items()}
        return cls(origins.load(plain | keys), env)


def _keys(folder: Path) -> dict[str, str]:
    """The settings of keys: one that signs for each party, one that seals, and a vault."""
    at = datetime.now(UTC) - ALREADY_VALID
    desk = a_desk(folder, [party.id for party in load_parties().party], at)
    return {
        "signatures.keys_file": str(desk.registry),
        "signatures.private_keys": str(desk.private),
        "vault.database": f"sqlite:///{folder}/vault.sqlite",
        "vault.master_key_file": str(a_master_key(folder)),
    }


class Door:
    """Does with a record what a door does before it is sent; nothing where nothing is trusted."""

    def __init__(self, settings: Settings) -> None:
        """Use the keys of these settings."""
        keys = wiring.keyring(settings)
        self._encrypt = None if keys is None else Encrypter(keys)
        self._ring = open_keyring(settings.signatures)

    def __call__(self, record: Record) -> Record:
        """The record encrypted, then signed."""
        if self._encrypt is not None:
            (record,) = self._encrypt([record])
        return record if self._ring is None else self._ring.signed(record, today_s())


class Recipient:
    """Reads what the hub sends, and whether it can be proven."""

    def __init__(self, settings: Settings) -> None:
        """Use the keys of these settings."""
        self._registry = open_registry(settings.signatures)
        self.opened = Opener(wiring.keyring(settings))

    def is_proven(self, record: Record) -> bool:
        """Whether every signature on it holds; yes, where nothing is signed."""
        if self._registry is None:
            return True
        attributes, value = taken_apart(record)
        found = verify(Item(attributes, [value]), self._registry())
        return all(finding.found.is_good for finding in found)
