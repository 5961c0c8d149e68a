"""The support offers of the year: published, counted again, assured again, withdrawn."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, NamedTuple

from schemas.events.support_offer_capacity_changed import SupportOfferCapacityChanged
from schemas.events.support_offer_published import SupportOfferPublished
from schemas.events.support_offer_withdrawn import SupportOfferWithdrawn
from schemas.problems import ProblemCode
from schemas.vocabulary import WithdrawalReason
from tests.support.desk import Desk
from tests.support.district import KFB, PARTIES, Town
from tests.support.offer_stories import DIRECTORY, counted, described
from tests.year.offices import PROVIDER
from tests.year.script.course import Course
from tests.year.script.saying import Saying

MOST_NEWS: Final = 7
FEW_DAYS: Final = 30
LONG: Final = 240
"""So many days an offer may be left alone: its assurance fades."""


class Offered(NamedTuple):
    """An offer, as far as a referral to it needs to know."""

    subject: str
    publisher: str
    from_: datetime
    until: datetime


@dataclass(slots=True)
class Shelf:
    """The offers there are."""

    offered: list[Offered] = field(default_factory=list)

    def any_now(self, chance: random.Random, now: datetime) -> Offered | None:
        """One of those that stand now and are not the jobcenter's own."""
        there = [one for one in self.offered if one.from_ < now < one.until]
        return chance.choice(there) if there else None


def offer(desk: Desk, shelf: Shelf, at: datetime) -> Sequence[Saying]:
    """All that is said of one offer, published at this tick or soon after.

    Systems hand offers in before any office opens: nothing of referrals is said at those ticks.
    """
    desk.now = at
    place = desk.town()
    publisher = KFB if desk.happens(0.15) else PROVIDER if desk.happens(0.1) else place.ags
    course = Course(desk, desk.subject("A"), at)
    course.wait_days(0)
    places, begins = desk.chance.randrange(6, 20), course.now
    said = _published(course, publisher, place, places)
    for _ in range(desk.chance.randrange(MOST_NEWS)):
        _later(course)
        if desk.happens(0.08):
            _by_another(course, publisher)
        elif desk.happens(0.3):
            assured = said.model_copy(update={"assured_date": course.now.date()})
            course.say(publisher, assured, DIRECTORY)
        else:
            places = max(0, places + desk.chance.randrange(-9, 8))
            desk.now = course.now
            news = SupportOfferCapacityChanged(capacity=counted(desk, places))
            course.say(publisher, news, DIRECTORY)
    ends = datetime.max.replace(tzinfo=at.tzinfo)
    if desk.happens(0.4):
        _later(course)
        gone = SupportOfferWithdrawn(reason=WithdrawalReason.NO_LONGER_OFFERED)
        course.say(publisher, gone, DIRECTORY)
        ends = course.now
    if publisher != KFB:
        shelf.offered.append(Offered(course.subject, publisher, begins, ends))
    return course.said


def _later(course: Course) -> None:
    """Some days on, or many."""
    most = LONG if course.desk.happens(0.1) else FEW_DAYS
    course.wait_days(course.desk.chance.randrange(1, most))


def _published(course: Course, publisher: str, place: Town, places: int) -> SupportOfferPublished:
    course.desk.now = course.now
    said = described(course.desk, place, places)
    course.say(publisher, said, DIRECTORY)
    return said


def _by_another(course: Course, publisher: str) -> None:
    """Somebody counts the places of an offer that is not theirs, or of none."""
    desk = course.desk
    desk.now = course.now
    news = SupportOfferCapacityChanged(capacity=counted(desk, 3))
    if desk.happens(0.5):
        party = desk.chance.choice([party for party in PARTIES if party != publisher])
        course.say(party, news, DIRECTORY, wrong=ProblemCode.NOT_A_PARTICIPANT)
    else:
        other = desk.subject("A")
        course.say(publisher, news, DIRECTORY, wrong=ProblemCode.CASE_UNKNOWN, subject=other)
