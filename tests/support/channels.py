"""How each system of the district hands its events in."""

from enum import StrEnum
from typing import Final

from schemas.data import Data
from schemas.envelope import Event
from schemas.events.support_offer_published import SupportOfferPublished
from tests.support.district import BY_AGS, JOBCENTER_SERVICES, KFB

ONLINE_TOWNS: Final = frozenset({"06432008", "06432018", "06432023"})
"""Towns whose system posts its referrals; the others hand in files."""
SMALL: Final = 15_000
"""Towns below it keep their referrals in a table."""
TABLE_REGISTERS: Final = frozenset({"06432007", "06432009", "06432012", "06432016"})
"""Towns whose register writes its moves as a table, the others' writes XML."""


class Channel(StrEnum):
    """How an event is handed in."""

    JSONL = "jsonl"
    CSV = "csv"
    XML = "xml"
    HTTP = "http"


def channel_of(event: Event[Data]) -> Channel:
    """What the sender's system uses for such events."""
    party, kind = event.context.party, event.context.type
    if kind.startswith("referral."):
        return _of_referral(party, kind)
    if party == KFB:
        return Channel.JSONL
    if kind.startswith("address-change."):
        if party not in TABLE_REGISTERS:
            return Channel.XML
        return Channel.CSV if kind == "address-change.reported.v1" else Channel.JSONL
    return _of_offer(event.data)


def _of_offer(data: Data) -> Channel:
    """A table of offers has words for the municipal services only."""
    is_tabled = isinstance(data, SupportOfferPublished) and data.service not in JOBCENTER_SERVICES
    return Channel.CSV if is_tabled else Channel.JSONL


def _of_referral(party: str, kind: str) -> Channel:
    if party == KFB or party in ONLINE_TOWNS:
        return Channel.HTTP
    if kind == "referral.requested.v1" and BY_AGS[party].inhabitants < SMALL:
        return Channel.CSV
    return Channel.JSONL
