"""The rules of lanes for records as they lie on their topics: for playing them again."""

from collections.abc import Sequence

from hub.domain.decision import Decision, Limits, Processor, Received, Searchable
from hub.domain.parties import Parties
from hub.streaming.rules import Rules
from hub.vault.keyring import Keyring
from hub.vault.lane_seals import opened
from schemas.encryption import subject_of


class OpeningRules(Rules):
    """Each record is opened before it is judged.

    One whose key was destroyed is judged otherwise than it was then: what a rebuilt state would
    say of its case cannot be told, and stays as it is.
    """

    def __init__(
        self,
        processors: Sequence[Processor],
        parties: Parties,
        limits: Limits,
        prefix: str,
        keyring: Keyring,
    ) -> None:
        """Ask this keyring."""
        super().__init__(processors, parties, limits, prefix)
        self._keyring = keyring

    def decide(self, received: Received, state: Searchable) -> Decision:
        """What a record leads to; raises Later when the keys are away."""
        subject = subject_of(received.record)
        if subject is not None:
            received = opened(received, subject, self._keyring.find([subject]))
        return super().decide(received, state)
