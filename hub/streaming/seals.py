"""What a lane does with what is sealed: opened before it is judged, sealed before it is written."""

from collections.abc import Sequence
from typing import Protocol

from hub.domain.decision import Outgoing, Received


class Seals(Protocol):
    """Opens and seals whole batches; waits for the keys as long as a step of the lane may take."""

    async def opened(self, records: Sequence[Received]) -> Sequence[Received]:
        """The records as their senders wrote them; what does not open stays as it is."""

    async def sealed(self, outputs: Sequence[Outgoing]) -> Sequence[Outgoing]:
        """What is to be written, the data of persons sealed."""


class Unsealed:
    """Nothing is sealed here."""

    async def opened(self, records: Sequence[Received]) -> Sequence[Received]:
        """The records as they are."""
        return records

    async def sealed(self, outputs: Sequence[Outgoing]) -> Sequence[Outgoing]:
        """What is to be written, as it is."""
        return outputs
