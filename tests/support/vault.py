"""Keys of subjects, in memory or in a database of their own, and the master key in a file."""

import threading
from collections.abc import Collection
from pathlib import Path

from connectors.errors import Later
from hub.deployment.secrets import master_key
from hub.vault.keyring import Keyring
from schemas.encryption import Key


class KeysInMemory:
    """A store of keys that counts how often it was asked, and can be away."""

    def __init__(self) -> None:
        """No keys yet."""
        self.kept: dict[str, bytes | None] = {}
        self.asked = 0
        self.is_near = False
        self.asked_by = 0
        """The thread that asked last."""
        self.away = 0
        """So often it does not answer from now on."""

    def find(self, subjects: Collection[str]) -> dict[str, bytes | None]:
        """Their keys."""
        self._answer()
        return {one: self.kept[one] for one in subjects if one in self.kept}

    def make(self, subjects: Collection[str]) -> dict[str, bytes | None]:
        """Their keys, made where there were none."""
        self._answer()
        for one in subjects:
            self.kept.setdefault(one, one.encode().ljust(32, b"-"))
        return {one: self.kept[one] for one in subjects}

    def destroy(self, subject: str) -> None:
        """From now on it has none."""
        self.kept[subject] = None

    def _answer(self) -> None:
        self.asked += 1
        self.asked_by = threading.get_ident()
        if self.away:
            self.away -= 1
            raise Later(0.01, "the vault did not answer")


class Clock:
    """Seconds that a test lets pass."""

    def __init__(self) -> None:
        """At the beginning."""
        self.at = 0.0

    def __call__(self) -> float:
        """What it shows."""
        return self.at


def a_key(name: str = "case-0001") -> Key:
    """A key of this name."""
    return Key.of(name.encode().ljust(32, b"-"))


def a_keyring(store: KeysInMemory) -> Keyring:
    """A keyring that never forgets."""
    return Keyring(store, Clock())


def a_master_key(folder: Path, name: str = "vault_master_key") -> Path:
    """A file with a master key made by chance."""
    file = folder / name
    file.write_bytes(master_key())
    return file
