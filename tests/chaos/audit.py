"""Compares what was sent with all that a read_committed reader sees: the judge of a run."""

import itertools
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from kafka.errors import KafkaError

from hub.errors import BrokerUnavailable
from hub.streaming.reading import Reader
from schemas.codec import decode
from schemas.data import Data
from schemas.envelope import Event
from schemas.events.ledger_recorded import LedgerRecorded
from schemas.events.receipt_delivered import ReceiptDelivered
from schemas.events.receipt_refused import ReceiptRefused
from schemas.topics import LANE_OFFERS
from schemas.vocabulary import Verdict as Done
from tests.chaos.background import Background
from tests.chaos.lane_news import KINDS, LaneNews
from tests.chaos.traffic import Sent
from tests.chaos.trust import Recipient
from tests.chaos.waits import Outages

QUIET_S: Final = 1.0
Key = tuple[str, str, str, str]
"""(recipient, source of the cause, id of the cause, what it is)."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a run came to."""

    lost: int
    repeated: int
    out_of_order: int
    unexpected: int
    longest_wait_s: float
    """Not counting the time in which the broker was away."""


@dataclass
class Audit(Background):
    """Reads every delivery topic and the ledger from its own thread, for as long as it takes."""

    bootstrap: str
    topics: Sequence[str]
    recipient: Recipient
    seen: Counter[Key] = field(default_factory=Counter)
    order: dict[tuple[str, str], list[tuple[str, str]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    arrived: dict[Key, float] = field(default_factory=dict)
    ledger: Counter[tuple[str, int, int]] = field(default_factory=Counter)
    """The lines of what came in from outside, by where it lay."""
    news: LaneNews = field(default_factory=LaneNews)
    unproven: int = 0
    """Deliveries and receipts with a signature that does not hold, or without one."""

    def __post_init__(self) -> None:
        super().__init__("audit")

    def wait_for(self, sent: Iterable[Sent], limit_s: float) -> None:
        """Return when everything expected was seen, or after the limit: the verdict tells."""
        waiting = {key for one in sent for key in expected_keys(one)}
        until = time.monotonic() + limit_s
        while time.monotonic() < until and self.failure is None:
            waiting = {key for key in waiting if key not in self.seen}
            if not waiting:
                return
            self.stopping.wait(0.2)

    def wait_for_ledger(self, lines: int, limit_s: float) -> None:
        """Return when so many lines of the ledger were seen, or after the limit."""
        until = time.monotonic() + limit_s
        while len(self.ledger) < lines and time.monotonic() < until and self.failure is None:
            self.stopping.wait(0.2)

    def wait_for_news(self, limit_s: float) -> None:
        """Return when every lane has heard what it was told, for a while, or after the limit."""
        until = time.monotonic() + limit_s
        heard_since = time.monotonic()
        while time.monotonic() < until and self.failure is None:
            if not self.news.is_heard:
                heard_since = time.monotonic()
            if time.monotonic() - heard_since > QUIET_S:
                return
            self.stopping.wait(0.2)

    def verdict(self, sent: Sequence[Sent], outages: Outages) -> Verdict:
        """Count what is missing, what came twice and what overtook."""
        expected = {key: one for one in sent for key in expected_keys(one)}
        number = {(one.event.context.source, one.event.context.id): one.number for one in sent}
        out_of_order = 0
        for causes in self.order.values():
            numbers = [number[cause] for cause in causes if cause in number]
            out_of_order += sum(b < a for a, b in itertools.pairwise(numbers))
        waits = [
            outages.waited(one.at, self.arrived[key])
            for key, one in expected.items()
            if key in self.arrived
        ]
        repeated = sum(count - 1 for count in self.seen.values())
        repeated += sum(count - 1 for count in self.ledger.values())
        news = self.news.sum(number.keys())
        return Verdict(
            lost=sum(key not in self.seen for key in expected) + news.lost,
            repeated=repeated + news.repeated,
            out_of_order=out_of_order,
            unexpected=sum(key not in expected for key in self.seen) + news.unexpected,
            longest_wait_s=round(max(waits, default=0.0), 1),
        )

    def work(self) -> None:
        """Read; when the broker was away, all again from the beginning."""
        connection = {"bootstrap_servers": self.bootstrap, "reconnect_backoff_max_ms": 500}
        while not self.stopping.is_set():
            try:
                with Reader(connection, self.topics) as reader:
                    self._start_afresh()
                    self._read(reader)
            except (KafkaError, BrokerUnavailable):
                self.stopping.wait(0.5)

    def _start_afresh(self) -> None:
        self.seen.clear()
        self.order.clear()
        self.ledger.clear()
        self.news = LaneNews()
        self.unproven = 0

    def _read(self, reader: Reader) -> None:
        while not self.stopping.is_set():
            for found in reader.read(0.3):
                if found.topic.endswith(LANE_OFFERS.name):
                    self.news.note_told(found)
                    continue
                event = decode(self.recipient.opened(found.record))
                if isinstance(event.data, LedgerRecorded):
                    self._note_line(event.data)
                    continue
                self.unproven += not self.recipient.is_proven(found.record)
                if event.data.TYPE in KINDS:
                    self.news.note_said(event)
                else:
                    self._note(event)

    def _note_line(self, line: LedgerRecorded) -> None:
        if line.verdict is Done.NOTED:
            self.news.note_line(line)
        elif line.offset >= 0:  # else it tells of a time that is over
            self.ledger[line.topic, line.partition, line.offset] += 1

    def _note(self, event: Event[Data]) -> None:
        context = event.context
        if isinstance(event.data, ReceiptDelivered | ReceiptRefused) and event.data.repeated:
            return  # an answer to an event its sender sent twice
        cause = (context.sender or "", context.causationid or "")
        key = (context.recipient or "", *cause, event.data.TYPE)
        self.seen[key] += 1
        self.arrived.setdefault(key, time.monotonic())
        if context.rule is not None:
            self.order[context.recipient or "", context.subject].append(cause)


def expected_keys(one: Sent) -> list[Key]:
    """Everything that must be seen because of this event."""
    context, expected = one.event.context, one.expected
    cause = (context.source, context.id)
    kind = "receipt.delivered" if expected.refused is None else "receipt.refused"
    keys = [(context.party, *cause, kind)]
    keys += [(party, *cause, one.event.data.TYPE) for party in expected.recipients]
    if expected.handover_to is not None:
        keys.append((expected.handover_to, *cause, "handover.opened"))
    return keys
