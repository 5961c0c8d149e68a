"""A hub of several lanes without a broker: who hears of an offer when is the test's to say."""

from collections import deque
from datetime import datetime

from hub.domain.parties import Parties
from schemas.codec import Record
from schemas.data import Data
from schemas.envelope import Event
from schemas.topics import LANE_OFFERS
from tests.bench.events import partition
from tests.support.answers import Answer, Hub
from tests.support.builders import NOW, received


class SeveralLanes:
    """Lanes that share nothing but what they tell each other."""

    def __init__(self, count: int, parties: Parties) -> None:
        """So many lanes, none of which has moved anything."""
        self.lanes = [Hub(parties) for _ in range(count)]
        self._told: list[deque[Record]] = [deque() for _ in range(count)]

    def lane_of(self, subject: str) -> int:
        """The lane that has the events of this subject."""
        return partition(subject.encode()) % len(self.lanes)

    def takes(self, event: Event[Data], *, at: datetime = NOW) -> Answer:
        """What becomes of it in its lane; what that tells the lanes waits for each of them."""
        lane = self.lanes[self.lane_of(event.context.subject)]
        answer = lane.takes(event, at=at)
        self._pass_on(lane)
        return answer

    def waits(self, number: int) -> bool:
        """Whether something waits to be heard by this lane."""
        return bool(self._told[number])

    def hears(self, number: int, *, at: datetime = NOW) -> Answer:
        """What follows from the next that this lane hears."""
        lane = self.lanes[number]
        lane.offset += 1
        record = self._told[number].popleft()
        answer = lane.takes_in(
            received(record, lane.offset, partition=number, at=at, topic=LANE_OFFERS)
        )
        self._pass_on(lane)
        return answer

    def settles(self, *, at: datetime = NOW) -> list[Answer]:
        """Every lane hears all there is, one lane after the other."""
        heard: list[Answer] = []
        while any(self._told):
            numbers = [number for number in range(len(self.lanes)) if self.waits(number)]
            heard += [self.hears(number, at=at) for number in numbers]
        return heard

    def _pass_on(self, lane: Hub) -> None:
        while lane.news:
            said = lane.news.pop(0).record
            for told in self._told:
                told.append(said)
