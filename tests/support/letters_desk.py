"""A desk of dead letters in memory, and the board with accounts that stands before it.

Which letters there are, what is planned and what becomes of them is the real code's; the hub that
judges is invented: it says what a test tells it to.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from secrets import token_bytes
from typing import Final

from hub.access.options import AccountOptions
from hub.access.roles import Role
from hub.board.dying import Died, Holding
from hub.domain.decision import Limits
from hub.entry.access import make_access
from hub.entry.lobby import Lobby
from hub.entry.site import Site
from hub.errors import BrokerUnavailable
from hub.letters import journal, replay
from hub.letters.desk import Ask, Busy, Looked, Run
from hub.letters.journal import Act, Entry
from hub.letters.letter import Letter, letter
from hub.letters.replay import Step, plan
from hub.letters.sending import Outcome, Result
from hub.letters.shelf import Kept, shelf
from hub.party_file import load_parties
from hub.stores.accounts.opening import opened
from hub.stores.accounts.upgrade import upgrade
from schemas.codec import Record, encode
from schemas.topics import REFERRALS
from tests.support.accounts import HASHER
from tests.support.answers import Hub
from tests.support.board import DAY, District
from tests.support.builders import NOW as WRITTEN_AT
from tests.support.builders import a_referral, received
from tests.support.front_door import Door
from tests.support.looks import AT

BOARD: Final = "http://127.0.0.1:8094"
HOSTILE: Final = "<script>alert('Mustermann')</script>"
"""What stands in a letter that its sender never meant well."""
NAME: Final = "Mustermann"
CLIENT: Final = "epp-4711"
"""Stands in the content of every referral here."""
LATE_DAY: Final = WRITTEN_AT - timedelta(days=25)
"""A day on which those that came too late would have been in time."""
PARTIES: Final = load_parties()


class MemoryDesk:
    """Letters, a journal, and runs that go on until a test ends them."""

    def __init__(self, letters: Iterable[Letter], today: datetime) -> None:
        """These lie there; what is planned is planned on this day."""
        self._letters = tuple(letters)
        self._check = partial(replay.today, now=today, parties=PARTIES, limits=Limits())
        self._runs: dict[str, Run] = {}
        self.journal: list[Entry] = []
        self.today = today
        self.away = False
        self.pace = 0.0
        """How many a second the newest run was told to send."""

    def look(self, letter: str) -> Looked | None:
        """One letter."""
        self._ask()
        kept = next((one for one in self.letters() if one.letter.id == letter), None)
        if kept is None:
            return None
        acts = [one for one in self.journal if one.letter == letter][::-1]
        return Looked(kept, acts, self._check(kept.letter))

    def letters(self) -> list[Kept]:
        """All of them."""
        self._ask()
        return shelf(self._letters, self.journal)

    def plan(self, kept: Sequence[Kept], chosen: Collection[str]) -> list[Step]:
        """What would become of the chosen."""
        return plan(kept, chosen, self._check)

    def note(self, act: Act, letters: Collection[str], who: str, reason: str) -> None:
        """Keep an entry for each."""
        self._ask()
        self.journal += [journal.entry(act, one, self.today, who, reason) for one in letters]

    def replay(self, ask: Ask, steps: Sequence[Step], per_second: float) -> Run:
        """Begin; a test says what becomes of it."""
        if ask.run in self._runs:
            return self._runs[ask.run]
        if other := self.running():
            raise Busy(other)
        self.pace = per_second
        self._runs[ask.run] = Run(ask, steps, self.today)
        return self._runs[ask.run]

    def run(self, run: str) -> Run | None:
        """The run of this mark."""
        return self._runs.get(run)

    def running(self) -> Run | None:
        """The one under way."""
        return next((one for one in self._runs.values() if one.ended_at is None), None)

    def judge(self, run: Run, number: int, act: Act = Act.REPLAYED) -> None:
        """The hub has judged so many more."""
        for step in run.steps[len(run.results) :][:number]:
            outcome = Outcome(act, "delivered" if act is Act.REPLAYED else "too-late")
            run.results.append(Result(step.letter, outcome))
            who, why = run.ask.who, run.ask.reason
            entry = journal.entry(act, step.letter.id, self.today, who, why, outcome.says)
            self.journal.append(entry)

    def end(self, run: Run) -> None:
        """What was not sent never is."""
        rest = run.steps[len(run.results) :]
        run.results += [Result(step.letter, None, "stopped") for step in rest]
        run.ended_at = self.today

    def _ask(self) -> None:
        if self.away:
            raise BrokerUnavailable(where="kafka-1.intern:9093")


def some_letters() -> list[Letter]:
    """Four that came too late, two of one case; one hostile that nobody can read."""
    days = timedelta(days=31)
    cases = ("R-400", "R-401", "R-402", "R-400")
    late = [
        encode(a_referral(at=WRITTEN_AT - days, on=case, id=f"e-{nth}"))
        for nth, case in enumerate(cases)
    ]
    hostile = Record(
        b"R-500",
        f'{{"client": {{"family_name": "{HOSTILE}"'.encode(),
        encode(a_referral(at=WRITTEN_AT, on="R-500", id="e-4")).headers,
    )
    found = []
    for offset, record in enumerate([*late, hostile]):
        (dead,) = Hub().takes_in(received(record, offset, topic=REFERRALS)).dead
        stamp = round((AT - DAY).timestamp() * 1000) + offset
        found.append(letter("referrals.dead", 0, offset, stamp, dead.record))
    return found


def held(desk: MemoryDesk) -> Died:
    """The same letters as the board holds them in memory, without their contents."""
    holding = Holding()
    holding.take(one.letter for one in desk.letters())
    holding.note(desk.journal)
    return holding.died(AT)


@dataclass(kw_only=True)
class BoardDoor(Door):
    """The board of a district, its desk, and who comes there."""

    district: District
    desk: MemoryDesk

    def later(self, minutes: float) -> None:
        """So many minutes go by."""
        self.district.now += timedelta(minutes=minutes)


@contextmanager
def board_door(folder: Path, district: District, today: datetime) -> Iterator[BoardDoor]:
    """A board with accounts: two operators, an auditor, and a clerk who has nothing to do here.

    `today`: on which day it is judged whether a letter would be taken.
    """
    options, url = AccountOptions(), f"sqlite:///{folder / 'operators.sqlite'}"
    upgrade(url)
    desk = MemoryDesk(some_letters(), today)
    with opened(url) as kept:
        site = Site("operations", options.public_url, options.proxies)
        lobby = Lobby(site, options, kept, HASHER, None, lambda: district.now, token_bytes)
        app = district.app(desk=desk, access=make_access(lobby))
        door = BoardDoor(
            app=app, kept=kept, origin=BOARD, now=district.now, district=district, desk=desk
        )
        door.account("o.betrieb", Role.OPERATOR, shown="Olga Betrieb")
        door.account("z.weite", Role.OPERATOR, shown="Zoe Weite")
        door.account("r.revision", Role.AUDITOR, shown="Rolf Revision")
        door.account("m.beispiel", Role.CLERK)
        yield door
