"""What came in on a case, or was sent from here, with a content: personal data stand only here."""

from collections.abc import Sequence
from typing import Final

from sqlalchemy import Connection, select

from connectors.backoffice.mapping import data_of
from connectors.backoffice.tables import inbox
from hub.casework.case_file import Kind
from hub.casework.delivering import CONTENTS, ENTERED
from hub.casework.desk import Paper
from hub.casework.progress import Here
from hub.domain.referral import HUB
from hub.stores.casework import said
from hub.stores.casework.tables import outbox
from schemas.data import Data
from schemas.envelope import party_of
from schemas.erasure import is_erased
from schemas.events.handover_opened import HandoverOpened
from schemas.events.referral_requested import ReferralRequested
from schemas.events.support_offer_published import SupportOfferPublished

MAIN: Final[dict[Kind, tuple[type[Data], ...]]] = {
    Kind.REFERRAL: (ReferralRequested,),
    Kind.HANDOVER: (HandoverOpened,),
    Kind.ADDRESS_CHANGE: ENTERED,
    Kind.OFFER: (SupportOfferPublished,),
}
"""What a case of each kind is mainly about."""
SENT: Final = (ReferralRequested, SupportOfferPublished)
"""What is begun by hand."""


def papers(connection: Connection, case: str, here: Here) -> list[Paper]:
    """All of them, oldest first; what was erased is here no more."""
    came = select(inbox).where(inbox.c.party == here.party, inbox.c.subject == case)
    found = []
    for row in connection.execute(came.order_by(inbox.c.topic_offset)).mappings():
        data = data_of(row)
        if isinstance(data, CONTENTS) and not is_erased(data):
            by = party_of(row["sender"]) if row["sender"] else HUB
            found.append(Paper(row["recorded_at"] or row["time"], by, data))
    sent = select(outbox).where(outbox.c.aggregateid == case).order_by(outbox.c.number)
    for row in connection.execute(sent).mappings():
        data = said.data_of(row)
        if isinstance(data, SENT) and not is_erased(data):
            found.append(Paper(said.at(row), here.party, data))
    return sorted(found, key=lambda paper: paper.at)


def content(papers: Sequence[Paper], kind: Kind) -> Data | None:
    """The newest of what the case is mainly about; None: it is not here."""
    about = (paper.data for paper in reversed(papers) if isinstance(paper.data, MAIN.get(kind, ())))
    return next(about, None)
