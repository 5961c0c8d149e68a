"""The inbox tables while faults happen: the real sink fills them, and its rows are compared."""

import json
import sys
import threading
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Final, NamedTuple

from sqlalchemy import Engine, Table, select
from sqlalchemy.exc import OperationalError

from connectors.backoffice.database import open_database
from connectors.backoffice.tables import inbox, receipts
from hub.keeper import Child
from hub.party_file import load_parties
from hub.supervisor import Supervisor
from tests.chaos.audit import expected_keys
from tests.chaos.traffic import Sent
from tests.chaos.waits import Outages
from tests.support.running_hub import GROUP

RowKey = tuple[str, str, str]
"""(party, id of the cause, what it is)."""
LOOK_EVERY_S: Final = 0.5


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

    def sink(self, bootstrap: str, prefix: str, folder: Path) -> Supervisor:
        """The real command, under a supervisor that is not started yet."""
        env = {
            "HUB_KAFKA__BOOTSTRAP": bootstrap,
            "HUB_TOPIC_PREFIX": prefix,
            "HUB_WORKER__GROUP": GROUP,
            "HUB_BACKOFFICE__DATABASE": self.url,
            "HUB_BACKOFFICE__PARTIES": json.dumps([party.id for party in load_parties().party]),
            "NO_COLOR": "1",
        }
        argv = [sys.executable, "-m", "hub", "connect", "backoffice"]
        return Supervisor([Child("backoffice", argv, env)], folder, lambda _change: None)

    def wait_for(self, sent: Sequence[Sent], limit_s: float) -> None:
        """Return when every row expected is there, or after the limit: the verdict tells."""
        wanted = expected_rows(sent)
        until = time.monotonic() + limit_s
        while time.monotonic() < until and wanted - Counter(row.key for row in self._rows()):
            threading.Event().wait(LOOK_EVERY_S)

    def verdict(self, sent: Sequence[Sent]) -> RowsVerdict:
        """Count what has no row, what has two, and what nobody sent."""
        wanted, rows = expected_rows(sent), self._rows()
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
    columns = (table.c.party, table.c.causation_id, table.c.type, table.c.data, table.c.received_at)
    with engine.connect() as connection:
        found = connection.execute(select(*columns)).all()
    return [
        Row((party, cause, kind), _monotonic(at))
        for party, cause, kind, data, at in found
        if not data.get("repeated")
    ]


def _monotonic(at: datetime) -> float:
    return at.timestamp() - time.time() + time.monotonic()
