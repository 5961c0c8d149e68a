"""What a year came to."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """One year, or a part of it; `is_right` says which figures must be 0."""

    seed: int
    days: int
    referrals: int
    """Cases in which somebody was referred."""
    moves: int
    offers: int
    events: int
    """All that was said, mistakes and repeats included."""
    reminders: int
    """All that was to be said because a time was over."""
    illegal_accepted: int
    legal_refused: int
    reminders_missing: int
    reminders_repeated: int
    reminders_unexpected: int
    open_unexplained: int
    """Cases that do not stand where the script leaves them."""
    report_matches: bool
    """Whether `hub report` says the figures worked out from the script."""
    lost: int
    repeated: int
    unexpected: int
    out_of_order: int
    leaked: int
    unledgered: int
    lag: int
    """Records the workers have not moved at the end, by the admin API."""
    open_transactions: int
    played: int
    """The ticks that were played."""
    ticks: int
    standing: Mapping[str, int]
    """How many referrals are over, and of the open ones how many wait for what."""
    kills: int
    restarts: int
    """How often a worker ended and was started again."""
    seconds: float
    longest_tick_s: float
    """A tick may take as long as `ticks.SLACK`."""

    @property
    def is_right(self) -> bool:
        """Whether all is as it should be."""
        wrong = (
            self.illegal_accepted,
            self.legal_refused,
            self.reminders_missing,
            self.reminders_repeated,
            self.reminders_unexpected,
            self.open_unexplained,
            self.lost,
            self.repeated,
            self.unexpected,
            self.out_of_order,
            self.leaked,
            self.unledgered,
            self.lag,
            self.open_transactions,
        )
        is_whole = self.played == self.ticks and self.referrals > 0
        return is_whole and self.report_matches and not any(wrong)
