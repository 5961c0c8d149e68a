"""Who moved where, whose address is protected, and who pays after a move."""

from collections.abc import Sequence

from hub.pages.marking import N_
from hub.web.facts.chapter import Chapter, Fact, Names, known
from hub.web.facts.people import BLOCKED, written
from hub.web.wording import Wording
from hub.web.words.law import WITHDRAWALS
from schemas.events.address_change_corrected import AddressChangeCorrected
from schemas.events.address_change_reported import AddressChangeReported
from schemas.events.address_change_withdrawn import AddressChangeWithdrawn
from schemas.events.disclosure_block_lifted import DisclosureBlockLifted
from schemas.events.disclosure_block_set import DisclosureBlockSet
from schemas.events.handover_opened import HandoverOpened
from schemas.events.handover_overdue import HandoverOverdue


def withdrawal(said: AddressChangeWithdrawn, say: Wording) -> Chapter:
    """That a report does not count."""
    facts = (
        Fact(say.text(N_("Withdraws the report")), said.withdraws),
        Fact(say.text(N_("Reason")), say.text(WITHDRAWALS[said.reason])),
    )
    return Chapter(say.text(N_("Withdrawal")), facts)


def move(said: AddressChangeReported, say: Wording, names: Names) -> Chapter:
    """From where to where, since when, and who said so."""
    facts = known(
        (say.text(N_("Moved in on")), say.day(said.valid_from)),
        (say.text(N_("New municipality")), names.town(said.new_ags)),
        (say.text(N_("New address")), written(said.new_address)),
        (say.text(N_("Old municipality")), names.town(said.old_ags)),
        (say.text(N_("Old address")), written(said.old_address)),
        (say.text(N_("Reported by")), say.code(said.reported_by)),
        (say.text(N_("Case open at")), said.case_open_at and names.party(said.case_open_at)),
    )
    corrected = isinstance(said, AddressChangeCorrected)
    title = N_("Move, corrected") if corrected else N_("Move")
    return Chapter(say.text(title), facts)


def block(said: DisclosureBlockSet | DisclosureBlockLifted, say: Wording) -> Chapter:
    """An Auskunftssperre, or that it stands no longer."""
    person = Fact(say.text(N_("Sender's sign")), said.client_id)
    if isinstance(said, DisclosureBlockLifted):
        lifted = Fact(say.text(N_("Lifted on")), say.day(said.lifted_on))
        return Chapter(say.text(N_("Auskunftssperre lifted")), (person, lifted))
    facts = known(
        (say.text(N_("Valid from")), say.day(said.valid_from)),
        (say.text(N_("Valid until")), say.day(said.valid_until) if said.valid_until else None),
    )
    return Chapter(say.text(N_("Auskunftssperre")), (person, *facts), (say.text(BLOCKED),))


def handover(said: HandoverOpened | HandoverOverdue, say: Wording, names: Names) -> Chapter:
    """Who pays until the new carrier continues, and since when."""
    payer = Fact(say.text(N_("Still pays")), names.party(said.old_carrier))
    if isinstance(said, HandoverOpened):
        facts: Sequence[Fact] = (
            payer,
            Fact(say.text(N_("Old municipality")), names.town(said.old_ags)),
            Fact(say.text(N_("New municipality")), names.town(said.new_ags)),
            Fact(say.text(N_("Moved in on")), say.day(said.valid_from)),
        )
    else:
        facts = (
            payer,
            Fact(say.text(N_("Open since")), say.day(said.opened_at)),
            Fact(say.text(N_("Was due on")), say.day(said.due_at)),
        )
    return Chapter(say.text(N_("Hand-over (SGB X §2(3))")), facts)
