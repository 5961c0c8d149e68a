"""The command `hub worker` with other processors: each event read, checked, sent on; no more.

What is left out beside the complete routing: authorising, routing rules, state, receipt, ledger.
"""

import sys
from dataclasses import dataclass
from typing import Final

from hub import cli, processors
from hub.domain.decision import Decision, Due, Limits, Outgoing, Received, State, no_timers
from hub.domain.parties import Parties
from schemas.codec import decode
from schemas.topics import DELIVERY_PREFIX, Topic
from schemas.vocabulary import Verdict


@dataclass(frozen=True, slots=True)
class OneOutput:
    """Sends each event, bytes untouched, to the recipient its sender named."""

    NAME: str
    SOURCE: Topic
    EMITS: tuple[str, ...]

    def handle(
        self,
        received: Received,
        state: State,  # noqa: ARG002 - given by name
        parties: Parties,  # noqa: ARG002 - the same
        limits: Limits,  # noqa: ARG002 - the same
    ) -> Decision:
        """Read and check the event, as the hub does; then send it on."""
        record = received.record
        recipient = decode(record).context.recipient
        copy = record._replace(headers=[*record.headers])
        return Decision(Verdict.ROUTED, [Outgoing(f"{DELIVERY_PREFIX}{recipient}", copy)])

    def on_time(self, due: Due, state: State, parties: Parties) -> Decision:
        """Nothing: no timers are set."""
        return no_timers(due, state, parties)


PROCESSORS: Final = tuple(
    OneOutput(each.NAME, each.SOURCE, each.SOURCE.carries) for each in processors.ALL
)
"""Under the names of the hub's own, so that topics and lanes are the same."""

if __name__ == "__main__":
    setattr(processors, "ALL", PROCESSORS)  # noqa: B010 - a constant, except here
    sys.argv = ["hub", "worker"]
    cli.main()
