"""The inbox tables while faults happen: the real sink fills them, and its rows are compared."""

import json
import sys
import threading
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Final, NamedTuple

from sqlalchemy import Engine, Table, select
from sqlalchemy.exc import OperationalError

from connectors.backoffice.tables import inbox, receipts
from connectors.sql.database import open_database
from hub.keeper import Child
from hub.party_file import load_parties
from hub.supervisor import Supervisor
from tests.chaos.audit import expected_keys
from tests.chaos.lane_news import KINDS
from tests.chaos.traffic import Sent
from tests.chaos.waits import Outages
from tests.support.running_hub import GROUP

RowKey = tuple[str, str, str]
"""(party, id of the cause, what it is)."""
LOOK_EVERY_S: Final = 0.5


class SaidKey(NamedTuple):
    """What the hub said by itself."""

    party: str
    event_id: str
    kind: str = "said"


class Row(NamedTuple):
    """One row: what it is about, and when the sink wrote it."""

    key: RowKey
    at: float
    """Monotonic seconds."""


@dataclass(frozen=True, slots=True)
class RowsVerdict:
    """How the rows compare with what was sent."""

    lost: int = 0
    repeated: int = 0
    unexpected: int = 0
    longest_wait_s: float = 0.0


@dataclass
class Inbox:
    """Every party's deliveries on their way into one database."""

    url: str
    outages: Outages = field(default_factory=Outages)
    """When the database was away."""

    def sink(
        self, bootstrap: str, prefix: str, folder: Path, told: Mapping[str, str]
    ) -> Supervisor:
        """The real command, under a supervisor that is not started yet."""
        env = {
            "HUB_KAFKA__BOOTSTRAP": bootstrap,
            "HUB_TOPIC_PREFIX": prefix,
            "HUB_WORKER__GROUP": GROUP,
            "HUB_BACKOFFICE__DATABASE": self.url,
            "HUB_BACKOFFICE__PARTIES": json.dumps([party.id for party in load_parties().party]),
            "NO_COLOR": "1",
            **told,
        }
        argv = [sys.executable, "-m", "hub", "connect", "backoffice"]
        return Supervisor([Child("backoffice", argv, env)], folder, lambda _change: None)

    def wait_for(self, sent: Sequence[Sent], limit_s: float) -> None:
        """Return when every row expected is there, or after the limit: the verdict tells."""
        wanted = expected_rows(sent)
        until = time.monotonic() + limit_s
        while time.monotonic() < until and wanted - Counter(row.key for row in self._rows()):
            threading.Event().wait(LOOK_EVERY_S)

    def verdict(self, sent: Sequence[Sent], said: Counter[tuple[str, str]]) -> RowsVerdict:
        """Count what has no row, what has two, and what nobody sent.

        `said`: what came to whom besides, by its id.
        """
        wanted, rows = expected_rows(sent), self._rows()
        wanted += Counter(SaidKey(*key) for key in said)
        found = Counter(row.key for row in rows)
        said_at = {key[:1] + key[2:]: one.at for one in sent for key in expected_keys(one)}
        waits = [self.outages.waited(said_at[r.key], r.at) for r in rows if r.key in said_at]
        extra = found - wanted
        return RowsVerdict(
            lost=(wanted - found).total(),
            repeated=sum(count for key, count in extra.items() if key in wanted),
            unexpected=sum(count for key, count in extra.items() if key not in wanted),
            longest_wait_s=round(max(waits, default=0.0), 1),
        )

    def _rows(self) -> list[Row]:
        """All of them but answers to what was sent twice; none while the database is away."""
        engine = open_database(self.url)
        try:
            return [*_read(engine, inbox), *_read(engine, receipts)]
        except OperationalError:
            return []
        finally:
            engine.dispose()


def expected_rows(sent: Sequence[Sent]) -> Counter[RowKey]:
    """One row for each delivery and each receipt."""
    return Counter(key[:1] + key[2:] for one in sent for key in expected_keys(one))


def _read(engine: Engine, table: Table) -> list[Row]:
    names = ("party", "event_id", "causation_id", "type", "data", "received_at")
    with engine.connect() as connection:
        found = connection.execute(select(*(table.c[name] for name in names))).all()
    return [
        Row(
            SaidKey(row.party, row.event_id)
            if row.type in KINDS
            else (row.party, row.causation_id, row.type),
            _monotonic(row.received_at),
        )
        for row in found
        if not row.data.get("repeated")
    ]


def _monotonic(at: datetime) -> float:
    return at.timestamp() - time.time() + time.monotonic()
