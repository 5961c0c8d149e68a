"""Moves of a day: inside a town, between towns, across the border, corrected, blocked."""

from datetime import timedelta

from schemas.data import Data
from schemas.envelope import Event
from schemas.events.address_change_corrected import AddressChangeCorrected
from schemas.events.address_change_reported import AddressChangeReported
from schemas.events.address_change_withdrawn import AddressChangeWithdrawn
from schemas.events.disclosure_block_lifted import DisclosureBlockLifted
from schemas.events.disclosure_block_set import DisclosureBlockSet
from schemas.vocabulary import LegalBasis, Purpose, ReportedBy, WithdrawalReason
from tests.support.desk import Desk, Story
from tests.support.district import KFB, OUTSIDE, Town

REGISTER = (LegalBasis.BMG_34, Purpose.RESIDENCE)
OWN_WORD = (LegalBasis.SGB1_60, Purpose.JURISDICTION)
BLOCKING = (LegalBasis.BMG_33_4, Purpose.PROTECTION)


def move(desk: Desk) -> Story:
    """One move of the usual kinds."""
    home = desk.town()
    kind = desk.chance.random()
    if kind < 0.25:
        return _told(desk, home.ags, home, home, case_open_at=KFB)
    if kind < 0.55:
        there = desk.town(but=home.ags)
        return _told(desk, home.ags, home, there, case_open_at=KFB if desk.happens(0.6) else None)
    if kind < 0.65:
        return _told(desk, home.ags, desk.chance.choice(OUTSIDE), home, case_open_at=KFB)
    if kind < 0.8:
        return _told(desk, KFB, desk.chance.choice(OUTSIDE), home, case_open_at=KFB)
    if kind < 0.92:
        return move_away(desk, home)
    return protected(desk, home)


def move_away(desk: Desk, home: Town) -> Story:
    """Somebody leaves the district while the Kreisagentur pays them."""
    return _told(desk, home.ags, home, desk.chance.choice(OUTSIDE), case_open_at=KFB)


def move_within(desk: Desk, home: Town) -> Story:
    """Somebody moves to another street of the same town."""
    return _told(desk, home.ags, home, home, case_open_at=KFB)


def protected(desk: Desk, home: Town) -> Story:
    """Somebody moves to another town and must not be found."""
    there = desk.town(but=home.ags)
    subject = desk.subject("U")
    data = reported(desk, home.ags, home, there, case_open_at=KFB)
    report = desk.say(home.ags, subject, data, REGISTER)
    yield report
    client = data.person.client_id
    begins = desk.now.date()
    block = DisclosureBlockSet(
        client_id=client, valid_from=begins, valid_until=begins + timedelta(days=50)
    )
    yield desk.say(home.ags, subject, block, BLOCKING, because_of=report.context.id)
    yield _correction(desk, report, data, there)
    lifted = DisclosureBlockLifted(client_id=client, lifted_on=desk.now.date())
    yield desk.say(home.ags, subject, lifted, BLOCKING, because_of=report.context.id)


def _told(desk: Desk, sender: str, old: Town, new: Town, *, case_open_at: str | None) -> Story:
    data = reported(desk, sender, old, new, case_open_at=case_open_at)
    why = OWN_WORD if data.reported_by is ReportedBy.CLIENT else REGISTER
    subject = desk.subject("U")
    report = desk.say(sender, subject, data, why)
    yield report
    if desk.happens(0.2):
        yield _correction(desk, report, data, new)
    elif desk.happens(0.15):
        taken_back = AddressChangeWithdrawn(
            withdraws=report.context.id, reason=WithdrawalReason.DID_NOT_HAPPEN
        )
        yield desk.say(sender, subject, taken_back, why, because_of=report.context.id)


def reported(
    desk: Desk, sender: str, old: Town, new: Town, *, case_open_at: str | None
) -> AddressChangeReported:
    """Somebody has moved from the one town to the other, as it is reported."""
    blocked = desk.happens(0.06)
    client_said_so = sender == KFB or desk.happens(0.1)
    return AddressChangeReported(
        person=desk.people.person(),
        old_ags=old.ags,
        old_address=desk.people.address(old),
        new_ags=new.ags,
        new_address=desk.people.address(new),
        valid_from=desk.earlier(14).date(),
        reported_by=ReportedBy.CLIENT if client_said_so else ReportedBy.REGISTER,
        case_open_at=case_open_at,
        disclosure_blocked=blocked,
    )


def _correction(
    desk: Desk, report: Event[Data], data: AddressChangeReported, there: Town
) -> Event[Data]:
    said = data.model_copy(update={"new_address": desk.people.address(there)})
    context = report.context
    corrected = AddressChangeCorrected(**dict(said), corrects=context.id)
    why = (context.legalbasis, context.purpose)
    return desk.say(context.party, context.subject, corrected, why, because_of=context.id)
