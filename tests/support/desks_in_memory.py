"""A hub and desks in one process: the real rules of both, and time, order and faults at will."""

from collections import defaultdict, deque
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

from connectors.backoffice.mapping import rows_of
from connectors.backoffice.sink import Fresh
from connectors.backoffice.tables import faulty, inbox, receipts
from connectors.base import Delivered
from hub.casework import fold, showing, speaking
from hub.casework.delivering import Kept
from hub.casework.desk import Terms
from hub.casework.happenings import Spoken
from hub.casework.progress import Here
from hub.domain import case as cases
from hub.domain.decision import TIMER, Decision, Due, Limits, Received
from hub.domain.decision import Kept as State
from hub.domain.parties import Parties
from hub.domain.timers import Timer
from hub.domain.transitions import Step
from hub.party_file import load_parties
from hub.processors import ALL
from hub.stores.casework.happenings import told_by
from schemas.codec import Record, encode
from schemas.data import Data
from schemas.envelope import Event
from schemas.events.referral_opened import ReferralOpened
from schemas.topics import DELIVERY_PREFIX, LEDGER, TOPIC_OF
from tests.support.builders import NOW

PARTIES: Final = load_parties()
_LIMITS: Final = Limits(max_age=timedelta(days=10_000))


class Hub:
    """The hub's processors with one memory; what it writes to a party stands in order."""

    def __init__(self, parties: Parties = PARTIES) -> None:
        """Remember nothing yet."""
        self.parties = parties
        self.state = State()
        self.written: defaultdict[str, list[Record]] = defaultdict(list)
        self.ledger: list[Record] = []
        self._taken = 0

    def take(self, event: Event[Data], at: datetime) -> None:
        """An event came in at this time."""
        topic = TOPIC_OF[event.data.TYPE]
        processor = next(each for each in ALL if each.SOURCE is topic)
        self._taken += 1
        arrival = Received(topic.name, 0, self._taken, _ms(at), encode(event))
        self._do(processor.handle(arrival, self.state, self.parties, _LIMITS))

    def ring(self, now: datetime) -> None:
        """Every timer that is due rings, the earliest first."""
        while due := min((key for key in self.state if _is_due(key, now)), default=None):
            value = self.state.pop(due) or b""
            ringing = Due(due, value, now)
            processor = next(each for each in ALL if ringing.processor == each.NAME)
            self._do(processor.on_time(ringing, self.state, self.parties))

    def _do(self, decision: Decision) -> None:
        self.state.remember(decision.state)
        for output in decision.outputs:
            if output.topic.startswith(DELIVERY_PREFIX):
                self.written[output.topic.removeprefix(DELIVERY_PREFIX)].append(output.record)
            elif output.topic == LEDGER.name:
                self.ledger.append(output.record)


@dataclass(slots=True)
class PureDesk:
    """A party's desk without a database: its cases in a dictionary, its outbox in a queue."""

    party: str
    hub: Hub
    files: dict[str, Kept] = field(default_factory=dict)
    outbox: deque[Event[Data]] = field(default_factory=deque)
    said: dict[str, Spoken] = field(default_factory=dict)
    heard: int = 0
    """How many of the records for this party were read."""

    @property
    def here(self) -> Here:
        """Whose desk it is."""
        return Here(self.party, self.hub.parties)

    @property
    def is_behind(self) -> bool:
        """Whether there is something to read."""
        return self.heard < len(self.hub.written[self.party])

    def steps(self, case: str) -> tuple[Step, ...]:
        """What may be said."""
        return showing.steps(self.files[case].course, self.here)

    def start(self, case: str, data: Data, terms: Terms, at: datetime) -> None:
        """Ask somebody."""
        event = self._event(case, data, terms, at)
        to = speaking.recipients(event, cases.Case(), self.here, is_heard=False)
        self._say(case, Spoken(at, event.context.id, data, to[0]), event)

    def say(self, case: str, data: Data, at: datetime) -> None:
        """Say something on a case that is here."""
        event = self._event(case, data, speaking.answering(None, data, self.here), at)
        self._say(case, Spoken(at, event.context.id, data), event)

    def open(self, case: str, at: datetime) -> None:
        """Somebody looks at a case; the first time the hub is told."""
        file, course = self.files[case]
        life = course.certain.life
        if life is None or not course.certain.is_unopened(self.here):
            return
        terms = speaking.answering(None, ReferralOpened(), self.here)
        name = speaking.opening_id(self.party, case, life.requested_at)
        because = speaking.Because()
        event = speaking.event(self.here, case, ReferralOpened(), terms, (name, at), because)
        self.files[case] = Kept(file, replace(course, certain=course.certain.opened(at)))
        self.said[name] = Spoken(at, name, event.data)
        self.outbox.append(event)

    def hear(self) -> None:
        """Read the next record."""
        record = self.hub.written[self.party][self.heard]
        topic = DELIVERY_PREFIX + self.party
        rows = rows_of([Delivered(self.party, topic, 0, self.heard, 0, record)], NOW)
        self.heard += 1
        tables = ((inbox, rows.inbox), (receipts, rows.receipts), (faulty, rows.faulty))
        for fresh in (Fresh(table, row) for table, found in tables for row in found):
            case, happening = told_by(fresh, self.said.get)
            before = self.files.get(case)
            if before is not None or fold.concerns(happening):
                self.files[case] = fold.fold(before, case, happening, self.here)

    def _event(self, case: str, data: Data, terms: Terms, at: datetime) -> Event[Data]:
        name = speaking.event_id(self.party, f"form-{len(self.said)}")
        return speaking.event(self.here, case, data, terms, (name, at), speaking.Because())

    def _say(self, case: str, spoken: Spoken, event: Event[Data]) -> None:
        self.files[case] = fold.fold(self.files.get(case), case, spoken, self.here)
        self.said[spoken.event_id] = spoken
        self.outbox.append(event)


def _is_due(key: bytes, now: datetime) -> bool:
    return key.startswith(TIMER) and Timer.parse(key).due <= now


def _ms(at: datetime) -> int:
    return round(at.timestamp() * 1000)
