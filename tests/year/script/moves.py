"""The moves of the year: reported, corrected, withdrawn, blocked, and handed over at the border."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from schemas.data import Data
from schemas.envelope import Event
from schemas.events.address_change_corrected import AddressChangeCorrected
from schemas.events.address_change_reported import AddressChangeReported
from schemas.events.address_change_withdrawn import AddressChangeWithdrawn
from schemas.events.disclosure_block_lifted import DisclosureBlockLifted
from schemas.events.disclosure_block_set import DisclosureBlockSet
from schemas.events.handover_continued import HandoverContinued
from schemas.vocabulary import LegalBasis, Purpose, ReportedBy, WithdrawalReason
from tests.support.desk import Desk
from tests.support.district import KFB, OUTSIDE, Town
from tests.support.move_stories import BLOCKING, OWN_WORD, REGISTER, reported
from tests.year.offices import BY_ID, DARMSTADT, OFFENBACH
from tests.year.script.course import Course, Why
from tests.year.script.move_mistakes import plant
from tests.year.script.saying import Saying

JURISDICTION: Final = (LegalBasis.SGB10_2_3, Purpose.JURISDICTION)
CARRIERS: Final = {"06411000": DARMSTADT, "06438013": OFFENBACH}
"""Who pays in the towns across the border; the others' carriers take no part in the hub."""


def move(desk: Desk, at: datetime) -> Sequence[Saying]:
    """All that is said of one move, reported at this tick or soon after."""
    desk.now = at
    home, abroad = desk.town(), desk.chance.choice(OUTSIDE)
    kind = desk.chance.random()
    course = Course(desk, desk.subject("U"), at)
    if kind < 0.2:
        _told(course, home.ags, home, home, KFB)
    elif kind < 0.5:
        case_open_at = KFB if desk.happens(0.6) else None
        _told(course, home.ags, home, desk.town(but=home.ags), case_open_at)
    elif kind < 0.6:
        _told(course, KFB if desk.happens(0.5) else home.ags, abroad, home, KFB)
    elif kind < 0.75:
        _moved_in(course, abroad, home)
    elif kind < 0.92:
        _moved_out(course, home, abroad)
    else:
        _protected(course, home)
    plant(course)
    return course.said


def _told(course: Course, sender: str, old: Town, new: Town, case_open_at: str | None) -> None:
    """A move is reported, and perhaps corrected or withdrawn later."""
    report, data, why = _reported(course, sender, old, new, case_open_at)
    if course.desk.happens(0.2):
        _later(course, sender, 60)
        place = course.desk.town() if course.desk.happens(0.3) else new
        corrected = {"new_ags": place.ags, "new_address": course.desk.people.address(place)}
        _correct(course, report, data, why, **corrected)
    elif course.desk.happens(0.12):
        _later(course, sender, 60)
        _withdraw(course, report, why)


def _reported(
    course: Course, sender: str, old: Town, new: Town, case_open_at: str | None
) -> tuple[Event[Data], AddressChangeReported, Why]:
    course.wait(sender, timedelta())
    course.desk.now = course.now
    data = reported(course.desk, sender, old, new, case_open_at=case_open_at)
    why = OWN_WORD if data.reported_by is ReportedBy.CLIENT else REGISTER
    return course.say(sender, data, why), data, why


def _moved_in(course: Course, abroad: Town, home: Town) -> None:
    """The carrier they leave is known: it pays until the jobcenter here continues."""
    old_carrier = CARRIERS.get(abroad.ags)
    if old_carrier is None:
        _told(course, home.ags, abroad, home, KFB)
        return
    _reported(course, home.ags, abroad, home, old_carrier)
    if course.desk.happens(0.75):
        _continue(course, KFB, old_carrier)


def _moved_out(course: Course, home: Town, abroad: Town) -> None:
    """The jobcenter pays until the new carrier continues, or they come back, or never left."""
    report, data, why = _reported(course, home.ags, home, abroad, KFB)
    how, carrier = course.desk.chance.random(), CARRIERS.get(abroad.ags)
    if how < 0.6 and carrier is not None:
        _continue(course, carrier, KFB)
    elif how < 0.75:
        _later(course, home.ags, 150)
        _withdraw(course, report, why)
    elif how < 0.9:
        _later(course, home.ags, 150)
        back = {"new_ags": home.ags, "new_address": course.desk.people.address(home)}
        _correct(course, report, data, why, **(back if course.desk.happens(0.6) else {}))


def _continue(course: Course, new_carrier: str, old_carrier: str) -> None:
    """The new carrier pays from some day on, in time or late."""
    hours = 8 * BY_ID[old_carrier].carry_on * 2.4
    _later(course, new_carrier, hours)
    continued = HandoverContinued(continued_since=course.now.date())
    course.say(new_carrier, continued, JURISDICTION)


def _protected(course: Course, home: Town) -> None:
    """Somebody moves to another town and must not be found, for a while."""
    there = course.desk.town(but=home.ags)
    report, data, why = _reported(course, home.ags, home, there, KFB)
    client = data.person.client_id
    _later(course, home.ags, 20)
    begins = course.now.date()
    until = begins + timedelta(days=50)
    block = DisclosureBlockSet(client_id=client, valid_from=begins, valid_until=until)
    course.say(home.ags, block, BLOCKING)
    _later(course, home.ags, 40)
    place = course.desk.town(but=home.ags) if course.desk.happens(0.4) else there
    corrected = {"new_ags": place.ags, "new_address": course.desk.people.address(place)}
    _correct(course, report, data, why, **corrected)
    if course.desk.happens(0.7):
        _later(course, home.ags, 300)
        lifted = DisclosureBlockLifted(client_id=client, lifted_on=course.now.date())
        course.say(home.ags, lifted, BLOCKING)
        _later(course, home.ags, 40)
        _correct(course, report, data, why)


def _correct(
    course: Course, report: Event[Data], data: AddressChangeReported, why: Why, **changes: object
) -> None:
    said = data.model_copy(update=changes)
    corrected = AddressChangeCorrected(**dict(said), corrects=report.context.id)
    course.say(report.context.party, corrected, why)


def _withdraw(course: Course, report: Event[Data], why: Why) -> None:
    reason = WithdrawalReason.DID_NOT_HAPPEN
    withdrawn = AddressChangeWithdrawn(withdraws=report.context.id, reason=reason)
    course.say(report.context.party, withdrawn, why)


def _later(course: Course, party: str, most_hours: float) -> None:
    course.wait(party, timedelta(hours=course.desk.chance.uniform(0.5, most_hours)))
