"""The keys that count, each with whose it is and when: what every signature is checked against."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from enum import StrEnum
from functools import cached_property
from typing import Annotated, Final, Self

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from pydantic import AwareDatetime, Field, StringConstraints, field_validator, model_validator

from schemas import signature
from schemas.model import Frozen, PartyId

HUB: Final = "hub"
"""The hub's own name in `source`: its mailbox signs what it says, its workers seal."""


class Use(StrEnum):
    """What a key may be used for; never for both."""

    SIGN = "sign"
    """A connector's or a party's: events of its parties."""
    SEAL = "seal"
    """The hub's: what its workers send."""


class Key(Frozen):
    """A public key; an entry is never deleted, or what it has signed could not be checked."""

    kid: Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9._-]{2,99}$")]
    """Its name, in each signature."""
    use: Use = Use.SIGN
    """What it may be used for."""
    parties: Annotated[tuple[PartyId, ...], Field(min_length=1)]
    """For whom it speaks."""
    public: str
    """Its 32 bytes, base64url."""
    valid_from: AwareDatetime
    """What was signed before does not count."""
    valid_until: AwareDatetime
    """What was signed from then on does not count."""
    revoked_at: AwareDatetime | None = None
    """What came in from then on does not count, whenever it was signed."""

    @field_validator("public")
    @classmethod
    def _is_a_key(cls, public: str) -> str:
        signature.public_key(public)
        return public

    @model_validator(mode="after")
    def _lasts(self) -> Self:
        if self.valid_until <= self.valid_from:
            raise ValueError("valid_until must be later than valid_from")
        return self

    @cached_property
    def key(self) -> Ed25519PublicKey:
        """The key itself."""
        return signature.public_key(self.public)

    @cached_property
    def raw(self) -> bytes:
        """Its 32 bytes."""
        return self.key.public_bytes_raw()

    @cached_property
    def valid_s(self) -> tuple[float, float]:
        """From when until when, seconds since 1970."""
        return self.valid_from.timestamp(), self.valid_until.timestamp()

    def was_valid(self, signed_s: float) -> bool:
        """Whether what was signed then counts."""
        begins, ends = self.valid_s
        return begins <= signed_s < ends

    def is_revoked(self, at_s: float) -> bool:
        """Whether it was revoked by then."""
        return self.revoked_at is not None and self.revoked_at.timestamp() <= at_s

    def is_usable(self, at_s: float) -> bool:
        """Whether what is signed with it at this moment counts."""
        return self.was_valid(at_s) and not self.is_revoked(at_s)

    def speaks_for(self, party: str, use: Use = Use.SIGN) -> bool:
        """Whether it is one of this party's, for this use."""
        return self.use is use and party in self.parties


class Keys:
    """The registry of keys."""

    def __init__(self, keys: Iterable[Key] = ()) -> None:
        """Know each by its name."""
        self.by_kid: Final = {key.kid: key for key in keys}

    def __contains__(self, key: object) -> bool:
        """Whether this is a key of the registry as it is now."""
        return isinstance(key, Key) and self.by_kid.get(key.kid) is key

    def __iter__(self) -> Iterator[Key]:
        """Every key, in the order in which they are declared."""
        return iter(self.by_kid.values())

    def newest(self, party: str, use: Use, at: datetime, among: Iterable[str]) -> Key | None:
        """Of these keys the one of this party that is valid now and has been for the shortest."""
        at_s = at.astimezone(UTC).timestamp()
        usable = [
            key
            for kid in among
            if (key := self.by_kid.get(kid)) is not None
            and key.speaks_for(party, use)
            and key.is_usable(at_s)
        ]
        return max(usable, key=lambda key: (key.valid_s[0], key.kid), default=None)
