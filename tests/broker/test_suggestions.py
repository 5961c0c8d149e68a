"""Real workers hold an offer against every lane's referrals; owners hear of it exactly once."""

import os
import signal
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import pytest

from connectors.runner.publisher import Publisher
from hub.keeper import Change
from hub.streaming.reading import Reader
from schemas.codec import decode
from schemas.data import Data
from schemas.envelope import Event
from schemas.events.ledger_recorded import LedgerRecorded
from schemas.events.referral_offer_suggested import ReferralOfferSuggested
from schemas.events.support_offer_capacity_lowered import SupportOfferCapacityLowered
from schemas.topics import LANE_OFFERS, LEDGER, REFERRALS, SUPPORT_OFFERS, delivery_topic
from tests.bench.events import partition
from tests.support.builders import (
    DIEBURG,
    EPPERTSHAUSEN,
    KFB,
    a_capacity,
    a_referral,
    a_step,
    an_offer,
)
from tests.support.running_hub import running_worker

pytestmark = [pytest.mark.broker, pytest.mark.timeout(300)]
WHY: Final = {"purpose": "municipal-services", "legalbasis": "sgb2-16a"}
CASES: Final = tuple(f"case-{number}" for number in range(12))
OFFERS: Final = tuple(f"offer-{number}" for number in range(14))
AT_ONCE: Final = 5
"""So many offers are published before the worker is killed."""
READ: Final = (*(delivery_topic(party) for party in (KFB, EPPERTSHAUSEN, DIEBURG)), LEDGER)


class Site:
    """A hub with one worker, who sends to it, and all that its recipients have read by now."""

    def __init__(self, kafka: str, prefix: str, changes: list[Change]) -> None:
        """Begin to read."""
        connection = {"bootstrap_servers": kafka}
        self._publish = Publisher(connection, prefix, timeout_s=60)
        self._reader = Reader(connection, [prefix + topic.name for topic in (*READ, LANE_OFFERS)])
        self._prefix = prefix
        self._changes = changes
        self.events: list[tuple[str, Event[Data]]] = []
        """Each with the topic it was read on."""
        self.told: list[tuple[int, int]] = []
        """Partition and offset of what the lanes told each other."""

    def say(self, *events: Event[Data]) -> None:
        """Send these, as of now."""
        now = datetime.now(UTC)
        self._publish([Event(e.context.model_copy(update={"time": now}), e.data) for e in events])

    def kill(self) -> None:
        """End the worker that was started last, at once."""
        started = [change.pid for change in self._changes if change.status is None]
        pid = started[-1]
        assert pid is not None
        os.kill(pid, signal.SIGKILL)

    def until(self, met: Callable[[], bool]) -> None:
        """Read until it is so; what never is ends with the test's own time."""
        while not met():
            for found in self._reader.read(0.2):
                topic = found.topic.removeprefix(self._prefix)
                if topic == LANE_OFFERS.name:
                    self.told.append((found.partition, found.offset))
                else:
                    self.events.append((topic, decode(found.record)))

    def lines(self, topic: str) -> Counter[tuple[int, int]]:
        """How often the ledger tells of each place of this topic."""
        return Counter(
            (event.data.partition, event.data.offset)
            for _, event in self.events
            if isinstance(event.data, LedgerRecorded)
            and (event.data.topic, event.data.offset >= 0) == (self._prefix + topic, True)
        )

    def said(self, kind: type[Data]) -> list[Event[Data]]:
        """What recipients read of this type, in order for each."""
        return [event for _, event in self.events if isinstance(event.data, kind)]

    def until_settled(self, referrals: int, offers: int) -> None:
        """Read until so many events came in and every lane has heard all it was told."""
        self.until(
            lambda: (
                len(self.lines(REFERRALS.name)) >= referrals
                and len(self.lines(SUPPORT_OFFERS.name)) >= offers
                and {*self.told} == {*self.lines(LANE_OFFERS.name)}
            )
        )

    def close(self) -> None:
        """Let go of the broker."""
        self._publish.close()
        self._reader.close()


@contextmanager
def site(kafka: str, prefix: str, folder: Path) -> Iterator[Site]:
    """A hub on topics of its own."""
    with (
        running_worker(kafka, prefix, folder) as changes,
        closing(Site(kafka, prefix, changes)) as made,
    ):
        yield made


def debts(on: str, **changes: Any) -> Event[Data]:  # noqa: ANN401 - any field
    """KfB asks Eppertshausen for debt counselling."""
    said = {"by": KFB, "service": "debt_counselling", "first_received_by": KFB} | WHY
    return a_referral(on=on, **(said | changes))


def counselling(on: str, **changes: Any) -> Event[Data]:  # noqa: ANN401 - any field
    """Dieburg publishes debt counselling, assured today."""
    said = {"by": DIEBURG, "service": "debt_counselling", "assured_date": datetime.now(UTC).date()}
    return an_offer(on=on, **(said | changes))


def pairs(suggestions: Sequence[Event[Data]]) -> Counter[tuple[str, str]]:
    """How often each case was told of each offer."""
    return Counter(
        (event.context.subject, event.data.offer_id)
        for event in suggestions
        if isinstance(event.data, ReferralOfferSuggested)
    )


def test_owners_hear_of_new_offers_exactly_once_though_workers_are_killed(
    kafka: str, topic_prefix: str, tmp_path: Path
) -> None:
    """Every referral on every lane, every offer from every lane; the worker is killed all along."""
    lanes = range(LANE_OFFERS.partitions)
    for subjects in (CASES, OFFERS):
        assert {partition(subject.encode()) for subject in subjects} == {*lanes}
    with site(kafka, topic_prefix, tmp_path) as hub:
        hub.say(*map(debts, CASES))
        hub.until_settled(len(CASES), 0)
        for first in range(0, len(OFFERS), AT_ONCE):
            hub.say(*map(counselling, OFFERS[first : first + AT_ONCE]))
            hub.kill()
            hub.until_settled(len(CASES), min(first + AT_ONCE, len(OFFERS)))
        everything = Counter((case, offer) for case in CASES for offer in OFFERS)
        hub.until(lambda: not everything - pairs(hub.said(ReferralOfferSuggested)))
        hub.until_settled(len(CASES), len(OFFERS))
        suggestions = hub.said(ReferralOfferSuggested)
        assert pairs(suggestions) == everything
        assert {event.context.recipient for event in suggestions} == {EPPERTSHAUSEN}
        assert len({event.context.id for event in suggestions}) == everything.total()
        heard = hub.lines(LANE_OFFERS.name)
        assert set(heard.values()) == {1}
        assert Counter(number for number, _ in heard) == dict.fromkeys(lanes, len(OFFERS))


def test_a_full_offer_is_lowered_in_every_lane_until_it_is_counted(
    kafka: str, topic_prefix: str, tmp_path: Path
) -> None:
    """Who has it hears so once; a referral asked meanwhile hears of it when it has places again."""
    asked = {"by": KFB, "to": DIEBURG, "service": "local_offer", "offer_id": "offer-1"}
    with site(kafka, topic_prefix, tmp_path) as hub:
        hub.say(counselling("offer-1"), a_referral(on="case-9", **asked))
        hub.until_settled(1, 1)
        hub.say(a_step("rejected", on="case-9", by=DIEBURG, reason="at_capacity"))
        hub.until(lambda: len(hub.said(SupportOfferCapacityLowered)) >= 3)
        hub.kill()
        hub.say(debts("case-1"))
        hub.until_settled(3, 1)
        assert hub.said(ReferralOfferSuggested) == []
        capacity = {"updated": datetime.now(UTC), "available": 2}
        hub.say(a_capacity(on="offer-1", by=DIEBURG, capacity=capacity))
        hub.until(lambda: bool(hub.said(ReferralOfferSuggested)))
        hub.until_settled(3, 2)
        lowered = hub.said(SupportOfferCapacityLowered)
        told = Counter(event.context.recipient for event in lowered)
        assert told == {KFB: 1, EPPERTSHAUSEN: 1, DIEBURG: 1}
        assert pairs(hub.said(ReferralOfferSuggested)) == {("case-1", "offer-1"): 1}
