"""What must become of what is said of offers: who hears of them, and whose clients they suit."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby
from typing import Final

from schemas.data import Data
from schemas.envelope import Context
from schemas.events.support_offer_published import SupportOfferPublished
from schemas.problems import ProblemCode
from schemas.vocabulary import OfferCategory, Service, Urgency
from tests.bench.events import partition
from tests.support.district import BY_AGS, KFB
from tests.year.offices import BY_ID
from tests.year.oracle.expected import Copy, Follows, Lowered, Outcome, Reminder, Suggested
from tests.year.oracle.life import Life
from tests.year.oracle.offer_form import Form, form_after
from tests.year.oracle.waits import ASSURANCE, REMINDER, Wait

AT_ONCE: Final = 20
"""To so many referrals of one lane an offer is suggested at once."""
FADED: Final = timedelta(days=180)
SOONEST_FIRST: Final = (Urgency.ASAP, Urgency.URGENT, Urgency.ROUTINE)


@dataclass(slots=True)
class Offer:
    """What is known of one offer."""

    publisher: str
    holders: set[str] = field(default_factory=set)
    """Who was told of it."""
    form: Form | None = None
    """How it stands; None: it was withdrawn."""
    kind: OfferCategory | None = None
    """What it is, or was before it was withdrawn."""
    wait: Wait | None = None
    """That its publisher assures it again."""


@dataclass(slots=True)
class OfferOracle:
    """Remembers each offer; tell it everything in the order in which it is said."""

    offers: dict[str, Offer] = field(default_factory=dict)
    lowered: list[Lowered] = field(default_factory=list)
    lane_news: Counter[datetime] = field(default_factory=Counter)
    """How often lanes told each other something, at each tick."""

    def ring(self, subject: str, at: datetime) -> Iterator[Reminder]:
        """What its publisher must have been told by then."""
        offer = self.offers.get(subject)
        if offer is None or offer.wait is None:
            return
        for over in offer.wait.over_by(at):
            first = over.stage == REMINDER
            rule = "assurance-due-to-publisher" if first else "faded-offer-to-publisher"
            to = offer.publisher
            yield Reminder(to, subject, rule, ASSURANCE, to, over.at, over.promised)

    def judge(self, context: Context, data: Data, at: datetime, open_: Iterable[Life]) -> Outcome:
        """Who gets it, and which of the open referrals it has begun to suit."""
        subject, speaker = context.subject, context.party
        offer = self.offers.get(subject, Offer(speaker))
        if offer.publisher != speaker:
            return ProblemCode.NOT_A_PARTICIPANT
        if isinstance(data, SupportOfferPublished):
            offer.holders |= {KFB, *(ags for ags in BY_AGS if ags.startswith(data.service_area))}
        elif subject not in self.offers:
            return ProblemCode.CASE_UNKNOWN
        self.offers[subject] = offer
        before, offer.form = offer.form, form_after(offer.form, speaker, data, at)
        offer.kind = offer.form.category if offer.form else offer.kind
        _await_assurance(offer, at)
        copies = tuple(Copy(to, data.TYPE) for to in sorted(offer.holders - {speaker}))
        if offer.form == before:
            return Follows(copies)
        self.lane_news[at] += 1
        suggested = self._suggested(subject, before, offer.form, at.date(), open_)
        return Follows(copies, suggested=tuple(suggested))

    def turned_away(self, life: Life, at: datetime) -> None:
        """An owner has no places left: who has the offers it speaks of hears that they are full."""
        for subject in self._spoken_of(life):
            self.lane_news[at] += 1
            offer = self.offers.get(subject)
            if offer is None or offer.form is None or offer.form.lowered_at == at:
                continue
            offer.form = offer.form._replace(lowered_at=at)
            self.lane_news[at] += 1
            holders = {offer.publisher, *offer.holders}
            told = sorted(party for party in holders if BY_ID[party].kind != "provider")
            self.lowered += (Lowered(party, subject, at) for party in told)

    def _spoken_of(self, life: Life) -> list[str]:
        named, owner = life.asked.offer_id, life.owner
        if named is not None and not life.was_forwarded:
            return [named]
        own = [
            (subject, offer.form)
            for subject, offer in self.offers.items()
            if offer.publisher == owner and offer.form is not None
        ]
        if named is not None:
            return [subject for subject, _ in own if subject == named]
        return [subject for subject, form in own if form.answers(life.asked)]

    def _suggested(
        self,
        subject: str,
        before: Form | None,
        now: Form | None,
        today: date,
        lives: Iterable[Life],
    ) -> Iterator[Suggested]:
        if now is None:
            return
        found = [
            life
            for life in lives
            if subject != life.asked.offer_id
            and now.publisher not in {life.owner, *life.turned_down_by}
            and self._suits(now, life, today)
            and not (before and self._suits(before, life, today))
        ]
        found.sort(key=lambda life: partition(life.subject.encode()))
        for _, of_lane in groupby(found, key=lambda life: partition(life.subject.encode())):
            for life in sorted(of_lane, key=_soonest_first)[:AT_ONCE]:
                yield Suggested(life.owner, life.subject)

    def _suits(self, form: Form, life: Life, today: date) -> bool:
        asked = life.asked
        if today - form.assured_on >= FADED or not form.is_free:
            return False
        if asked.service is not Service.LOCAL_OFFER:
            return form.answers(asked)
        named = self.offers.get(asked.offer_id or "")
        return named is not None and form.category is named.kind and form.serves(asked.client.ags)


def _await_assurance(offer: Offer, at: datetime) -> None:
    """From the day it was assured last; what is over by now is said to nobody."""
    if offer.form is None:
        offer.wait = None
        return
    since = datetime.combine(offer.form.assured_on, time(), UTC)
    if offer.wait is None or offer.wait.since != since:
        offer.wait = Wait(ASSURANCE, BY_ID[offer.publisher], since)
        list(offer.wait.over_by(at))


def _soonest_first(life: Life) -> tuple[int, datetime, str]:
    asked = life.asked
    return SOONEST_FIRST.index(asked.urgency), asked.first_received_at, life.subject
