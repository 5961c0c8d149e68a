"""What one run of a fault came to."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """One run; every count but `sent` and `restarts` must be 0."""

    fault: str
    seed: int
    sent: int
    lost: int
    """Deliveries and receipts that nobody got."""
    repeated: int
    """Deliveries, receipts and ledger lines that came more than once."""
    out_of_order: int
    """Deliveries that overtook another of the same case to the same recipient."""
    recovered_s: float
    """The longest anything waited, from Kafka having it to its recipient having it.

    Without the time in which the broker or the database was away.
    """
    within_s: float
    """What `recovered_s` may be."""
    unexpected: int
    """Deliveries and receipts that no event explains."""
    unledgered: int
    """Records that came in and have no line in the ledger."""
    forgotten: int
    """Events and cases that the lanes do not remember, or remember in two places."""
    unexplained: int
    """Keys in the lanes' memory that no event explains."""
    to_mend: int
    """Entries of the memory that `hub state rebuild` would write."""
    unproven: int
    """Deliveries and receipts whose seal or signature does not hold; 0 where nothing is signed."""
    rows_lost: int
    """Deliveries and receipts without a row; 0 where the fault has no database."""
    rows_repeated: int
    """Deliveries and receipts with more rows than one."""
    rows_unexpected: int
    """Rows that no event explains."""
    lag: int
    """Records the group has not moved, by the admin API."""
    open_transactions: int
    """Transactions of the workers that are not ended, by the admin API."""
    restarts: int
    """How often a worker ended and was started again."""

    @property
    def is_exact(self) -> bool:
        """Whether every count is as promised, however long it took."""
        wrong = (
            self.lost,
            self.repeated,
            self.out_of_order,
            self.unexpected,
            self.unledgered,
            self.forgotten,
            self.unexplained,
            self.to_mend,
            self.unproven,
            self.rows_lost,
            self.rows_repeated,
            self.rows_unexpected,
            self.lag,
            self.open_transactions,
        )
        return self.sent > 0 and not any(wrong)

    @property
    def is_right(self) -> bool:
        """Whether every promise held, in time; for a machine with nothing else to do."""
        return self.is_exact and self.recovered_s <= self.within_s
