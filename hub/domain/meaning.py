"""What an event means besides whom it goes to: for its referral, its hand-over, their clocks."""

from collections.abc import Callable
from typing import Final, NamedTuple

from hub.domain.case import Case
from hub.domain.decision import Outgoing, Searchable, StateChanges
from hub.domain.emission import Cause
from hub.domain.parties import Parties
from schemas.data import Data
from schemas.envelope import Event
from schemas.events.ledger_recorded import Step
from schemas.events.receipt_delivered import Delivery

Recipients = tuple[str, ...]
"""Who gets the event, in the order in which they were found."""


class Meaning(NamedTuple):
    """What follows from an event that is sent on."""

    changes: StateChanges
    """What is remembered from now on."""
    notices: tuple[Outgoing, ...] = ()
    """What the hub itself says because of it, to parties and to its own lanes."""
    deliveries: tuple[Delivery, ...] = ()
    """What of that the sender reads in the receipt."""
    step: Step | None = None
    """What it means for its referral, for the ledger."""


NOTHING: Final = Meaning({})
"""It is sent on, and that is all."""


def nothing(_recipients: Recipients) -> Meaning:
    """Nothing, whoever gets it."""
    return NOTHING


class Judged(NamedTuple):
    """An event that may be said; to whom it goes is not known yet."""

    case: Case
    """The case as routing shall see it."""
    then: Callable[[Recipients], Meaning] = nothing
    """What follows once its recipients are known; raises Refusal if they may not have it."""
    is_heard: bool = False
    """Whether the hub itself needs it, so that it is taken although nobody is told."""


Judge = Callable[[Event[Data], Cause, Case, Searchable, Parties], Judged]
"""Whether an event may be said as things stand; raises Refusal if it may not."""


def anything_goes(
    _event: Event[Data], _cause: Cause, case: Case, _state: Searchable, _parties: Parties
) -> Judged:
    """It may always be said, and means nothing more."""
    return Judged(case)
