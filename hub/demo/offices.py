"""The back offices that are open while a demo stays up: filled with its day, each with clerks."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import cycle
from pathlib import Path
from secrets import token_bytes
from typing import Final

from connectors.backoffice.upgrade import upgrade as upgrade_inbox
from hub import clerks, machine, wiring
from hub.access.passwords import generated
from hub.access.roles import Right
from hub.broker import ports
from hub.casework.desk import Wanted
from hub.casework.progress import Here
from hub.casework.views import View
from hub.demo.errors import PartNotReady
from hub.demo.inbox import Inbox
from hub.demo.own_words import Heard, listen
from hub.demo.parts import GRACE_S, Parts
from hub.demo.staff import STAFF
from hub.demo.waiting import Patience
from hub.domain.transitions import Status
from hub.stores.casework.beginning import begin
from hub.stores.casework.remembering import remember
from hub.stores.casework.sql_desk import SqlDesk
from hub.stores.casework.upgrade import upgrade

READY_WITHIN_S: Final = 60.0
MOST_CASES: Final = 1000
ANSWERED: Final = (Status.ACCEPTED, Status.IN_PROGRESS, Status.ON_HOLD)


@dataclass(frozen=True, slots=True)
class Office:
    """A party's back office."""

    here: Here
    """Whose it is."""
    port: int
    file: Path
    """Its database."""
    passwords: Mapping[str, str]
    """Each clerk's, by the name to sign in with."""

    @property
    def address(self) -> str:
        """Where its pages are."""
        return f"http://127.0.0.1:{self.port}/"

    @property
    def url(self) -> str:
        """Its database, as settings name it."""
        return f"sqlite:///{self.file}"

    @property
    def settings(self) -> dict[str, object]:
        """What its process is told beside what all are told."""
        return {
            "web.party": self.here.party,
            "web.database": self.url,
            "web.host": "127.0.0.1",
            "web.port": self.port,
            "web.public_url": "",
            "web.local_accounts": True,
            "web.oidc.issuer": "",
        }


@contextmanager
def opened(parts: Parts, patience: Patience) -> Iterator[Sequence[Office]]:
    """The back offices, with all that was delivered to them, for as long as the block lasts.

    What a party's other systems said during the day counts as said at its desk, and what they
    answered is in its clerks' hands. Raises PartNotReady and Interrupted.
    """
    registry = wiring.parties(parts.settings)
    whose = [Here(party, registry) for party in STAFF]
    free = ports.free(len(whose))
    heard = listen(parts, STAFF)
    offices = [_made(parts, *each, heard) for each in zip(whose, free, strict=True)]
    told = {office.here.party: {**parts.given, **office.settings} for office in offices}
    desks = machine.desks(parts.settings, told)
    desks.start()
    try:
        for office in offices:
            _await_filled(office, heard.ends[office.here.party], parts, patience)
            _assign(office)
        yield offices
    finally:
        desks.stop(GRACE_S)


def _made(parts: Parts, here: Here, port: int, heard: Heard) -> Office:
    """The office with its tables, its clerks and what was said of it before; nothing runs yet."""
    file = parts.folder / f"desk-{here.party}.sqlite"
    office = Office(
        here, port, file, {one.name: generated(token_bytes) for one in STAFF[here.party]}
    )
    upgrade_inbox(office.url)
    upgrade(office.url)
    begin(office.url, here, datetime.now(UTC))
    remember(office.url, heard.said[here.party])
    with clerks.opened(office.url) as accounts:
        for one in STAFF[here.party]:
            accounts.add(one.name, one.shown, one.role, office.passwords[one.name])
    return office


def _await_filled(
    office: Office, ends: Mapping[str, int], parts: Parts, patience: Patience
) -> None:
    """Until its pages are there, and the case files and the offers are as far as the topics."""
    inbox = Inbox(office.file)

    def is_filled() -> bool:
        kept = (inbox.positions(), inbox.positions_of_offers())
        return ports.accepts(office.port) and all(
            each.get(topic, 0) >= end for each in kept for topic, end in ends.items()
        )

    if not patience.until(is_filled, READY_WITHIN_S):
        remedy = f"Read its log in {parts.logs}"
        raise PartNotReady(where=f"web of {office.here.party}", remedy=remedy)


def _assign(office: Office) -> None:
    """Give what has been answered to those who may work on it, in turn."""
    now = datetime.now(UTC)
    with clerks.opened(office.url) as accounts:
        workers = [one.clerk for one in accounts.all() if one.clerk.may(Right.WORK)]
    with closing(SqlDesk(office.url, office.here)) as desk:
        page = desk.cases(Wanted(View.UNASSIGNED, "", sort="case", per_page=MOST_CASES), now)
        answered = [file.case for file in page.cases if file.status in ANSWERED]
        for case, clerk in zip(answered, cycle(workers), strict=False):
            desk.claim_all([case], clerk.id, now)
