"""A client moved out of the district: the old carrier pays until the new one continues."""

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
    """The municipality moved to, outside the district."""
    valid_from: date
    """The day of moving in."""
