"""The new carrier has taken over: the hand-over ends."""

from datetime import date
from typing import ClassVar

from schemas.data import Data
from schemas.vocabulary import Purpose


class HandoverContinued(Data):
    """The new carrier pays since this day (SGB X §2(3))."""

    TYPE: ClassVar[str] = "handover.continued"
    PURPOSES: ClassVar[frozenset[Purpose]] = frozenset({Purpose.JURISDICTION})

    continued_since: date
    """The first day the new carrier pays for."""
