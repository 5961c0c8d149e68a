"""The hub's monitor sends itself word through a door to an inbox: nothing is said, but that."""

from typing import ClassVar

from schemas.data import Data
from schemas.vocabulary import Classification, Door, Purpose


class ProbeSent(Data):
    """It opens no case and asks for nothing: whoever reads it passes over it."""

    TYPE: ClassVar[str] = "probe.sent"
    CLASSIFICATION: ClassVar[Classification] = Classification.INTERNAL
    PURPOSES: ClassVar[frozenset[Purpose]] = frozenset({Purpose.ACCOUNTABILITY})

    door: Door
    """By which door it was handed in."""
