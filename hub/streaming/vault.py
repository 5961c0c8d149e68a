"""What rules ask of a vault: that what they read is opened, and what they say encrypted."""

from collections.abc import Collection, Sequence
from typing import Protocol

from hub.domain.decision import Decide, Received, Ring


class Vault(Protocol):
    """Stands around the processors, inside of who checks signatures."""

    async def ready(self, records: Sequence[Received], others: Collection[str]) -> None:
        """Have the keys at hand that these records and other subjects need; waits for them."""

    def deciding(self, decide: Decide) -> Decide:
        """The same of records as their senders wrote them; what it says is encrypted."""

    def ringing(self, ring: Ring) -> Ring:
        """The same; what it says is encrypted."""
