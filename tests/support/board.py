"""A district's hub as the operations board shows it: twelve hours of polls, then something breaks.

The broker is invented, all behind it is real: poller, judging, incidents, history, pages.
"""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from starlette.applications import Starlette

from hub.board.app import create_app
from hub.board.board import Board
from hub.board.dying import Died, Holding
from hub.board.wording import ROOM
from hub.entry.access import Access
from hub.errors import BrokerUnavailable
from hub.letters import journal
from hub.letters.desk import Desk
from hub.letters.journal import Act
from hub.letters.letter import Letter, letter
from hub.monitor.by_http import routes
from hub.monitor.expiring import Expiring, Expiry, Tokens
from hub.monitor.look import Ends, Group, Look, Place, Unread
from hub.monitor.memory import Memory
from hub.monitor.options import Options
from hub.monitor.poller import Poller
from hub.monitor.probed import Probed
from hub.monitor.silence import Silence
from hub.monitor.state_file import StateFile
from hub.monitor.watch import Watch
from hub.monitor.wording import Names
from hub.pages.static import Static
from hub.party_file import load_parties
from schemas.codec import Record, encode
from schemas.topics import LANE_TOPICS, REFERRALS, dead_topic, delivery_topic
from tests.support.answers import Hub
from tests.support.builders import NOW as WRITTEN_AT
from tests.support.builders import a_referral, received
from tests.support.looks import AT, waits

WORKERS, SINK, OWN = "kurze-wege", "kurze-wege.backoffice", "kfb-fachverfahren"
KFB, EPPERTSHAUSEN, GRIESHEIM = "kfb", "06432005", "06432008"
PARTIES: Final = load_parties()
NIGHT: Final = timedelta(hours=12)
STEP: Final = timedelta(minutes=5)
HOUR: Final = timedelta(hours=1)
DAY: Final = timedelta(days=1)
SECRET: Final = "Mustermann"


class Forgetful(StateFile):
    """Keeps nothing: twelve hours of polls would be as many writes to the disk."""

    def save(self, memory: Memory) -> None:
        """Nothing."""


class District:
    """All is well until `breaks` is called."""

    def __init__(self) -> None:
        """Nothing was looked at yet."""
        self.now = AT - NIGHT
        self.away = False
        self.broken_at: datetime | None = None
        self.died: Died | None = None
        self.expiring = Expiring()
        self.others: tuple[str, ...] = ()
        self.silences: tuple[Silence, ...] = ()
        self.probed: tuple[Probed, ...] = ()
        dead = tuple(dead_topic(topic).name for topic in LANE_TOPICS)
        watch = Watch(own={WORKERS, SINK}, joining={WORKERS}, dead=dead)
        kept = Forgetful(Path("never-written.json"))
        self.poller = Poller(
            self.look,
            lambda *_: self.silences,
            watch,
            kept,
            lambda: self.now,
            probed=lambda: self.probed,
        )

    def app(
        self, *, is_public: bool = False, desk: Desk | None = None, access: Access | None = None
    ) -> Starlette:
        """The board with what stands beside it."""
        names = Names({party.id: party.name for party in PARTIES.party}, WORKERS)
        board = Board(
            poller=self.poller,
            died=lambda: self.died,
            expiring=lambda: self.expiring,
            parties=PARTIES,
            names=names,
            prefix="",
            poll_s=5,
            is_public=is_public,
            now=lambda: self.now,
            static=Static(ROOM),
            desk=desk,
        )
        beside = routes(self.poller, names, "this hub", Options(), lambda: self.now)
        return create_app(board, beside, access)

    def polled(self, times: int = 3, step: timedelta = timedelta(seconds=5)) -> None:
        """So many polls; the time is then that of the last."""
        for _ in range(times):
            self.now += step
            self.poller.poll()

    def night(self) -> None:
        """Twelve quiet hours, in one of which the broker was away."""
        while self.now < AT:
            self.away = AT - 5 * HOUR < self.now < AT - 4 * HOUR
            self.polled(1, STEP)

    def breaks(self) -> None:
        """A sink has stopped and a party's own reader stands still; somebody is silent."""
        self.broken_at = self.now
        usual = timedelta(hours=4)
        self.silences = (
            Silence(KFB, self.now - HOUR, HOUR, usual, self.now + DAY, is_strange=False),
            Silence(GRIESHEIM, self.now - 4 * DAY, 6 * usual, usual, self.now, is_strange=True),
        )
        self.polled(8)

    def everybody_stands_still(self) -> None:
        """Three more readers stand still, each an incident of its own."""
        self.others = tuple(f"eigene-{party.id}" for party in PARTIES.party[-3:])
        self.polled(8)

    def look(self) -> Look:
        """One poll."""
        if self.away:
            raise BrokerUnavailable(where="kafka-1.intern:9093")
        ends, unread = self._lanes()
        groups = {
            WORKERS: Group("Stable", 2, {at: end.stable for at, end in ends.items()}),
            SINK: self._sink(ends, unread),
            OWN: self._own(ends, unread),
            **{group: self._stuck(group, unread) for group in self.others},
        }
        return Look(self.now, 0.25, groups, ends, frozenset(), unread, {})

    def _lanes(self) -> tuple[dict[Place, Ends], dict[tuple[Place, int], Unread]]:
        """The input topics, read to their ends; events come in by day more than at night."""
        minutes = int((self.now - (AT - NIGHT)) / timedelta(minutes=1))
        came = minutes // 3 + max(0, minutes - 600) * 2
        ends = {
            Place(topic.name, number): Ends(0, came + number, came + number)
            for topic in LANE_TOPICS
            for number in range(topic.partitions)
        }
        lie = {Place("referrals.dead", 0): Ends(0, 4, 4)} if self.died else {}
        counted = {(place, 0): waits(0, 4, AT - DAY) for place in lie}
        return ends | lie, dict(counted)

    def _sink(self, ends: dict[Place, Ends], unread: dict[tuple[Place, int], Unread]) -> Group:
        """It reads for all but two parties; once broken, nothing of Eppertshausen's any more."""
        committed = {}
        for party in PARTIES.party:
            place = Place(delivery_topic(party.id).name, 0)
            ends[place] = Ends(0, 3, 3)
            if party.id not in (KFB, GRIESHEIM):
                committed[place] = 3
        if self.broken_at:
            stuck = Place(delivery_topic(EPPERTSHAUSEN).name, 0)
            ends[stuck] = Ends(0, 9, 9)
            unread[stuck, 3] = waits(3, 9, self.broken_at - 3 * HOUR)
        return Group("Empty", 0, committed)

    def _own(self, ends: dict[Place, Ends], unread: dict[tuple[Place, int], Unread]) -> Group:
        """KfB's own reader."""
        place = Place(delivery_topic(KFB).name, 0)
        if self.broken_at:
            ends[place] = Ends(0, 8, 8)
            unread[place, 3] = waits(3, 8, self.broken_at - timedelta(minutes=13))
        return Group("Stable", 1, {place: 3}, frozenset({place}))

    def _stuck(self, group: str, unread: dict[tuple[Place, int], Unread]) -> Group:
        """A party's own reader that has never moved."""
        place = Place(delivery_topic(group.removeprefix("eigene-")).name, 0)
        unread[place, 0] = waits(0, 3, AT - NIGHT)
        return Group("Stable", 1, {place: 0}, frozenset({place}))


def letters() -> dict[str, Letter]:
    """Three that came too late and one that nobody can read."""
    late = [encode(a_referral(at=WRITTEN_AT - 31 * DAY, on=f"R-40{n}")) for n in range(3)]
    unreadable = Record(b"R-500", f'{{"family_name": "{SECRET}"'.encode(), late[0].headers)
    found = {}
    for offset, record in enumerate([*late, unreadable]):
        (dead,) = Hub().takes_in(received(record, offset, topic=REFERRALS)).dead
        stamp = round((AT - DAY + offset * HOUR).timestamp() * 1000)
        one = letter("referrals.dead", 0, offset, stamp, dead.record)
        found[one.id] = one
    return found


def some_died() -> Died:
    """The same as the board holds them: one was sent again, without success."""
    entry = journal.entry(Act.REFUSED, "referrals.dead/0/1", AT, "b.betrieb@leitstand", "Frist neu")
    holding = Holding()
    holding.take(letters().values())
    holding.note([entry])
    return holding.died(AT)


def some_expire() -> Expiring:
    """A certificate of each kind, and tokens."""
    return Expiring(
        (
            Expiry("kafka.ca_file", "/run/secrets/kafka-ca.pem", AT + 400 * DAY),
            Expiry("http_api.tls_certificate", "/run/secrets/http.pem", AT + 20 * DAY),
            Expiry("mailbox.tls_certificate", "/run/secrets/mailbox.pem", AT + 3 * DAY),
            Expiry("web.tls_certificate", "/run/secrets/web.pem", AT - DAY),
            Expiry("webhook.ca_file", "/run/secrets/webhook-ca.pem", None),
        ),
        (
            Tokens("http_api.tokens", 3, None),
            Tokens("webhook.secrets_file", None, AT - 90 * DAY),
        ),
    )
