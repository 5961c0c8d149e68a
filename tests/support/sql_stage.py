"""The real desk in a database, as a test lets things happen to it."""

import shutil
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Final

from sqlalchemy import Connection as SqlConnection
from sqlalchemy import Engine, RowMapping, func, select

from connectors.backoffice.sink import BackOffice, Fresh
from connectors.backoffice.tables import faulty, inbox, receipts
from connectors.backoffice.upgrade import upgrade as upgrade_inbox
from connectors.base import Delivered as Record_
from connectors.sql.database import open_database
from hub.casework import speaking
from hub.casework.desk import Terms
from hub.casework.fold import fold
from hub.casework.happenings import Confirmed, Delivered, Happening, Refused, Spoken, Unread
from hub.casework.progress import Here
from hub.domain.parties import Parties
from hub.stores.casework import said
from hub.stores.casework.beginning import begin
from hub.stores.casework.overview import SqlOverview
from hub.stores.casework.sql_desk import SqlDesk
from hub.stores.casework.tables import outbox
from hub.stores.casework.taking import take
from hub.stores.casework.unit import changing
from hub.stores.casework.upgrade import upgrade
from hub.stores.offers.upgrade import upgrade as upgrade_offers
from schemas.codec import Record, encode
from schemas.data import Data
from schemas.envelope import Context, Event
from schemas.events.receipt_delivered import Delivery, ReceiptDelivered
from schemas.events.receipt_refused import ReceiptRefused
from schemas.events.referral_opened import ReferralOpened
from schemas.events.referral_requested import ReferralRequested
from schemas.problems import ProblemCode, problem
from schemas.topics import delivery_topic
from schemas.vocabulary import MUNICIPAL_SERVICES, LegalBasis, Purpose
from tests.support.postgres import Postgres

_BY_CLERKS: Final = select(outbox).where(outbox.c.type != ReferralOpened.wire_type())
"""What was said by forms; that a case was opened the desk says by itself."""


class SqlStage(SqlDesk):
    """A `SqlDesk` whose deliveries and receipts are written by the test, through the real sink."""

    def __init__(self, url: str, party: str, parties: Parties) -> None:
        """The desk of this party in a database that `prepare` has made."""
        here = Here(party, parties)
        super().__init__(url, here)
        self._party_here = here
        self._url = url
        self._engine: Engine = open_database(url)
        self._offset = self._next_offset()
        self._now: datetime
        self._sink = BackOffice(open_database(url), lambda: self._now, self._beside)

    @property
    def said(self) -> list[tuple[str, Data]]:
        """What stands in the outbox: case and data, in order."""
        with self._engine.begin() as connection:
            found = connection.execute(_BY_CLERKS.order_by(outbox.c.number)).mappings()
            return [(row["aggregateid"], said.data_of(row)) for row in found]

    @property
    def last_event(self) -> str:
        """The id of what was said last."""
        with self._engine.begin() as connection:
            newest = _BY_CLERKS.order_by(outbox.c.number.desc()).limit(1)
            return str(connection.execute(newest).mappings().one()["id"])

    @property
    def terms(self) -> dict[str, Terms]:
        """On which terms each case was last spoken of here."""
        with self._engine.begin() as connection:
            found = connection.execute(select(outbox).order_by(outbox.c.number)).mappings()
            return {row["aggregateid"]: _terms(row) for row in found}

    def overview(self) -> SqlOverview:
        """What its lead sees; to be closed."""
        return SqlOverview(self._url, self._party_here)

    def happens(self, case: str, happening: Happening) -> None:
        """Something came in, or was said from here, or the hub answered."""
        self._now = happening.at
        match happening:
            case Spoken():
                self._speak(case, happening)
            case Delivered(at, speaker, data):
                self._deliver(case, speaker, data, at)
            case Confirmed(at, about, event_type, to):
                deliveries = tuple(
                    Delivery(to=each, rule="test", delivery_id=f"d-{about}") for each in to
                )
                receipt = ReceiptDelivered(
                    event_id=_event_id(about),
                    event_type=f"{event_type}.v1",
                    received_at=at,
                    deliveries=deliveries,
                )
                self._deliver(case, "hub", receipt, at)
            case Refused(at, about, event_type, code):
                refusal = ReceiptRefused(
                    event_id=_event_id(about or ""),
                    event_type=f"{event_type}.v1",
                    received_at=at,
                    problems=(problem(ProblemCode(code)),),
                )
                self._deliver(case, "hub", refusal, at)
            case Unread():
                self._take(Record(case.encode(), b"{", ()))
            case _:
                raise TypeError(happening)

    def _next_offset(self) -> int:
        """Where the party's topic goes on."""
        with self._engine.begin() as connection:
            kept = [
                connection.execute(select(func.max(table.c.topic_offset))).scalar_one()
                for table in (inbox, receipts, faulty)
            ]
        return 1 + max((offset for offset in kept if offset is not None), default=-1)

    def close(self) -> None:
        """Let go of the database."""
        self._sink.close()
        self._engine.dispose()
        super().close()

    def _beside(self, connection: SqlConnection, fresh: Sequence[Fresh]) -> None:
        take(connection, fresh, self._party_here, self._now)

    def _speak(self, case: str, spoken: Spoken) -> None:
        name, here = _event_id(spoken.event_id), self._party_here
        asked = Terms(*_usual(spoken.data))
        event = speaking.event(
            here, case, spoken.data, asked, (name, spoken.at), speaking.Because()
        )
        told = Spoken(spoken.at, name, spoken.data, spoken.to)
        with (
            self._engine.begin() as connection,
            changing(connection, here.party, spoken.at) as unit,
        ):
            said.put(connection, event)
            unit.record(case, "clerk-petra", "said", name)
            unit.keep(fold(unit.cases([case]).get(case), case, told, here))

    def _deliver(self, case: str, speaker: str, data: Data, at: datetime) -> None:
        purpose, basis = _usual(data)
        name = f"{case}-{self._offset}"
        context = Context(
            type=data.wire_type(),
            source="//kurze-wege/hub/routing",
            sender=None if speaker == "hub" else f"//kurze-wege/{speaker}/fachverfahren",
            id=name,
            subject=case,
            time=at,
            recordedtime=at,
            purpose=purpose,
            legalbasis=basis,
            dataclassification=data.CLASSIFICATION,
            recipient=self.party,
        )
        self._take(encode(Event(context, data)))

    def _take(self, record: Record) -> None:
        topic = delivery_topic(self.party).name
        self._sink.write([Record_(self.party, topic, 0, self._offset, 0, record)])
        self._offset += 1


def prepare(url: str, party: str, parties: Parties, now: datetime) -> None:
    """Make the database one party's empty desk."""
    upgrade_inbox(url)
    upgrade(url)
    upgrade_offers(url)
    begin(url, Here(party, parties), now)


class Prepared:
    """Databases of desks, each made once and copied for who wants one of their own."""

    def __init__(
        self, folder: Path, make: Callable[[str, str], None], server: Callable[[], Postgres]
    ) -> None:
        """`make` fills an empty database for a party; `server` starts when it is asked for."""
        self._folder = folder
        self._make = make
        self._server = server
        self._made: dict[tuple[str, str], str] = {}

    @contextmanager
    def copy(self, kind: str, party: str, folder: Path) -> Iterator[str]:
        """A desk of one's own on `sqlite` or `postgres`: its address; gone behind the block."""
        made = self._made.get((kind, party)) or self._new(kind, party)
        if kind == "sqlite":
            file = folder / "desk.sqlite"
            shutil.copy(made.removeprefix("sqlite:///"), file)
            yield f"sqlite:///{file}"
        else:
            with self._server().copy_of(made) as url:
                yield url

    def _new(self, kind: str, party: str) -> str:
        on_file = f"sqlite:///{self._folder / party}.sqlite"
        url = on_file if kind == "sqlite" else self._server().new_database()
        self._make(url, party)
        self._made[kind, party] = url
        return url


def _event_id(name: str) -> str:
    """A UUID, as desks give them."""
    try:
        return str(uuid.UUID(name))
    except ValueError:
        return str(uuid.uuid5(uuid.NAMESPACE_URL, name))


def _terms(row: RowMapping) -> Terms:
    return Terms(Purpose(row["purpose"]), LegalBasis(row["legalbasis"]), row["recipient"])


def _usual(data: Data) -> tuple[Purpose, LegalBasis]:
    if isinstance(data, ReferralRequested) and data.service in MUNICIPAL_SERVICES:
        return Purpose.MUNICIPAL_SERVICES, LegalBasis.SGB2_16A
    if data.TYPE.startswith("referral."):
        return Purpose.INTEGRATION, LegalBasis.SGB10_69
    basis = LegalBasis.GDPR_5_2 if data.TYPE.startswith("receipt.") else LegalBasis.SGB10_69
    usual = {"receipt": Purpose.ACCOUNTABILITY, "reminder": Purpose.ACCOUNTABILITY}
    purpose = usual.get(data.TYPE.partition(".")[0])
    return purpose or next(iter(sorted(data.PURPOSES))), basis
