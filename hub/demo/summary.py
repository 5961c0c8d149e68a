"""What became of a day, counted."""

from collections import Counter
from dataclasses import dataclass, field


@dataclass(slots=True)
class PartyLine:
    """One party's day: as sender, and as recipient."""

    sent: int = 0
    delivered: int = 0
    """Copies that reached it."""
    refused: Counter[str] = field(default_factory=Counter)
    """Its events that went nowhere, by code."""
    ms: list[float] = field(default_factory=list)
    """How long its copies took from file or post to its reader, in milliseconds."""


@dataclass(slots=True)
class Summary:
    """What became of a day."""

    events_in: int = 0
    delivered: int = 0
    receipts: int = 0
    refused: int = 0
    dead: int = 0
    lost: int = 0
    """Copies and receipts that are missing, on the topics or in the inbox tables."""
    repeated: int = 0
    """Copies and receipts that are there more than once."""
    unexpected: int = 0
    """Refusals nobody planted, copies nobody should have, addresses nobody should see."""
    missed: int = 0
    """Planted faults that were not refused with their code."""
    unproven: int = 0
    """Rows of the inbox tables whose signature or seal is missing or does not hold."""
    p50_ms: float | None = None
    p99_ms: float | None = None
    parties: dict[str, PartyLine] = field(default_factory=dict)

    @property
    def is_right(self) -> bool:
        """Whether everything went where it belongs, once."""
        wrong = self.lost + self.repeated + self.unexpected + self.missed + self.unproven
        return not wrong
