"""Who may speak on a case that is known to the hub.

The ids of cases and offers are their senders' own, so two senders may call two cases alike.
What an outsider says on such a case would go to those who have part in the other.
"""

from typing import Final

from hub.domain.case import Case
from hub.domain.refusal import refusal
from schemas.data import Data
from schemas.envelope import Event
from schemas.problems import ProblemCode

ANYBODY: Final = frozenset({"disclosure-block.set", "handover.continued"})
"""A block protects, whoever sets it (BMG §33(4)); the new carrier had no part in the case yet."""
OFFERS: Final = "support-offer."


def check_standing(event: Event[Data], case: Case) -> None:
    """Raise Refusal if the case is known and the sender has no part in it.

    An offer is its publisher's alone; in every other case all who sent or were sent something
    have part.
    """
    kind, speaker = event.data.TYPE, event.context.party
    if not case.is_known or kind in ANYBODY or speaker == case.sender:
        return
    if kind.startswith(OFFERS) or speaker not in case.holders:
        raise refusal(ProblemCode.NOT_A_PARTICIPANT, field="subject")
