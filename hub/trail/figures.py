"""The figures of a report: counted one by one, then read off."""

from array import array
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from statistics import median


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of one municipality in one month."""

    municipality: str
    month: str
    referrals: int
    accepted: int
    appointments: int
    hours_to_acceptance: float | None
    """Median working hours from sent to accepted."""
    hours_to_appointment: float | None
    """Median working hours from accepted to the first appointment."""
    hours_in_all: float | None
    """Median working hours from sent to the first appointment."""
    due: int
    """How many answers were due."""
    in_time: int
    rejected: Mapping[str, int]
    """Referrals that an owner rejected, by reason."""
    refused: Mapping[str, int]
    """Events that the hub refused, by problem code."""
    offers_used: Mapping[str, int]
    """How often a client got what an offer or a service gives."""
    open_handovers: int

    @property
    def share_in_time(self) -> float | None:
        """The share of due answers that came in time, 0 to 1."""
        return self.in_time / self.due if self.due else None


@dataclass(slots=True)
class Tally:
    """What is counted of one municipality in one month."""

    referrals: int = 0
    to_acceptance: "array[float]" = field(default_factory=lambda: array("d"))
    to_appointment: "array[float]" = field(default_factory=lambda: array("d"))
    in_all: "array[float]" = field(default_factory=lambda: array("d"))
    accepted: int = 0
    due: int = 0
    in_time: int = 0
    rejected: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    offers_used: Counter[str] = field(default_factory=Counter)
    open_handovers: int = 0

    def figures(self, municipality: str, month: str) -> Figures:
        """The figures."""
        return Figures(
            municipality=municipality,
            month=month,
            referrals=self.referrals,
            accepted=self.accepted,
            appointments=len(self.in_all),
            hours_to_acceptance=_median(self.to_acceptance),
            hours_to_appointment=_median(self.to_appointment),
            hours_in_all=_median(self.in_all),
            due=self.due,
            in_time=self.in_time,
            rejected=dict(sorted(self.rejected.items())),
            refused=dict(sorted(self.refused.items())),
            offers_used=dict(sorted(self.offers_used.items())),
            open_handovers=self.open_handovers,
        )


def _median(values: "array[float]") -> float | None:
    return round(median(values), 2) if values else None
