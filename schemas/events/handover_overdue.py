"""A hand-over is open longer than agreed: the old carrier still pays."""

from typing import ClassVar

from schemas.data import Data
from schemas.model import Moment, PartyId
from schemas.vocabulary import Purpose


class HandoverOverdue(Data):
    """Nobody has continued within the time agreed."""

    TYPE: ClassVar[str] = "handover.overdue"
    PURPOSES: ClassVar[frozenset[Purpose]] = frozenset({Purpose.JURISDICTION})

    old_carrier: PartyId
    """Who still pays."""
    opened_at: Moment
    """Since when it is open."""
    due_at: Moment
    """Until when it should have been continued."""
