"""A client has moved: the old and the new address, since when, and who said so."""

from datetime import date
from typing import ClassVar, Final

from schemas.data import Data
from schemas.model import Ags, PartyId
from schemas.person import Address, Person
from schemas.vocabulary import Purpose, ReportedBy

RESIDENCE_PURPOSES: Final = frozenset({Purpose.RESIDENCE, Purpose.JURISDICTION})
"""What an address may be passed on for."""


class AddressChangeReported(Data):
    """A move, with or without a change of AGS (XMeld)."""

    TYPE: ClassVar[str] = "address-change.reported"
    PURPOSES: ClassVar[frozenset[Purpose]] = RESIDENCE_PURPOSES

    person: Person
    """Who moved."""
    old_ags: Ags
    """The municipality moved from."""
    old_address: Address | None = None
    """Where they lived, to find their file; absent when unknown or not disclosed."""
    new_ags: Ags
    """The municipality moved to: decides who is responsible."""
    new_address: Address | None = None
    """Where they live now; absent when unknown or not disclosed."""
    valid_from: date
    """The day of moving in, DSMeld 1301."""
    reported_by: ReportedBy
    """Who told of it (SGB X §67a(2))."""
    case_open_at: PartyId | None = None
    """The carrier of benefits where a case is open, as far as the reporter knows."""
    disclosure_blocked: bool = False
    """An Auskunftssperre (BMG §51) stands; only those entitled see this and the address."""
