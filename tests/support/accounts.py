"""Invented clerks, their accounts and a hashing that costs next to nothing."""

from datetime import UTC, datetime
from typing import Final

from argon2 import Parameters
from argon2.low_level import Type

from hub.access.clerk import Account, Clerk, Identity
from hub.access.hashing import Hasher
from hub.access.roles import Role

CHEAP: Final = Parameters(Type.ID, 19, 16, 32, time_cost=1, memory_cost=16, parallelism=1)
NOW: Final = datetime(2026, 11, 2, 8, 0, tzinfo=UTC)
PASSWORD: Final = "sieben Zwerge im Odenwald"
HASHER: Final = Hasher(CHEAP)
HASH: Final = HASHER.hash(PASSWORD)


def an_account(
    name: str = "m.beispiel", role: Role = Role.CLERK, *, shown: str = "Mara Beispiel"
) -> Account:
    """Somebody with the PASSWORD."""
    return Account(Clerk(f"c-{name}", shown, role), sign_in_name=name, password_hash=HASH)


def a_known_one(
    subject: str = "9f1c", role: Role = Role.CLERK, *, issuer: str = "https://id.example"
) -> Account:
    """Somebody whom an OpenID provider knows."""
    return Account(Clerk(f"c-{subject}", "Jo Muster", role), identity=Identity(issuer, subject))
