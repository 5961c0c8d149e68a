"""Hashes passwords with Argon2id, and does the same work for a name that nobody has."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore
from typing import Final

from argon2 import Parameters, PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.profiles import RFC_9106_LOW_MEMORY

from connectors.errors import Later
from hub.access.passwords import LONGEST, normal

AT_ONCE: Final = 2
"""Each takes 64 MiB and a core for some hundredths of a second; more would wait for each other."""
PATIENCE_S: Final = 5.0
"""How long one waits for a place: whoever sends many must not keep everybody else waiting."""


class Hasher:
    """Makes and compares hashes; safe from several threads."""

    def __init__(self, parameters: Parameters = RFC_9106_LOW_MEMORY) -> None:
        """Hash with these parameters (RFC 9106, 4)."""
        self._argon2 = PasswordHasher.from_parameters(parameters)
        self._places = BoundedSemaphore(AT_ONCE)
        self._nobodys = self.hash("nobody has this password")

    def hash(self, password: str) -> str:
        """The hash to keep, with its parameters and its salt; raises Later."""
        with self._place():
            return self._argon2.hash(normal(password))

    def fits(self, password_hash: str | None, password: str) -> bool:
        """Whether it is the password of this hash; without a hash the same work is done.

        Raises Later when too many are asked for at once.
        """
        if len(password) > 2 * LONGEST:
            password = ""
        try:
            with self._place():
                self._argon2.verify(password_hash or self._nobodys, normal(password))
        except (VerificationError, InvalidHashError):
            return False
        return password_hash is not None

    @contextmanager
    def _place(self) -> Iterator[None]:
        if not self._places.acquire(timeout=PATIENCE_S):
            raise Later(PATIENCE_S, "too many sign-ins at once")
        try:
            yield
        finally:
            self._places.release()

    def is_outdated(self, password_hash: str) -> bool:
        """Whether it was made with other parameters than these."""
        return self._argon2.check_needs_rehash(password_hash)
