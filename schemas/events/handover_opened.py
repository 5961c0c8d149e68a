"""A client moved across the district's border: the old carrier pays until the new continues."""

from datetime import date
from typing import ClassVar

from schemas.data import Data
from schemas.model import Ags, PartyId
from schemas.vocabulary import Purpose


class HandoverOpened(Data):
    """A hand-over under SGB X §2(3), open until `handover.continued`."""

    TYPE: ClassVar[str] = "handover.opened"
    PURPOSES: ClassVar[frozenset[Purpose]] = frozenset({Purpose.JURISDICTION})

    old_carrier: PartyId
    """Who pays for now."""
    old_ags: Ags
    """The municipality moved from."""
    new_ags: Ags
    """The municipality moved to, where another carrier is responsible."""
    valid_from: date
    """The day of moving in."""
