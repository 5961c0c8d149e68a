"""An outbox in a party's own database, written as the party's system writes it."""

import json
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from threading import Event as Stop
from typing import Any, Final, Self

from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from connectors.base import Publish, Source
from connectors.runner.source_loop import run_source
from connectors.sql_outbox.ddl import ddl
from connectors.sql_outbox.options import ATTRIBUTES, Options
from connectors.sql_outbox.source import SqlOutboxSource
from schemas.data import Data
from schemas.envelope import Event
from tests.support.builders import EPPERTSHAUSEN, an_offer
from tests.support.postgres import Postgres
from tests.support.wire_forms import structured

PARTY: Final = EPPERTSHAUSEN
AT: Final = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
Said = Mapping[str, Any]
_SHARED: Final[dict[Postgres, str]] = {}


class Outbox:
    """A database with an outbox, made by the statements that the door comes with."""

    def __init__(self, url: str, **options: object) -> None:
        """Make the table; `options` as the door's."""
        self.options = Options.model_validate(
            {"database": url, "party": PARTY, "poll_ms": 1, "batch_events": 4} | options
        )
        self.engine = create_engine(
            make_url(url), **({} if url.startswith("sqlite") else {"pool_pre_ping": True})
        )
        self._count = 0
        self.execute(ddl(self.options, self.dialect))

    @classmethod
    def on_sqlite(cls, folder: Any, **options: object) -> Self:  # noqa: ANN401 - a path
        """In a new file of this folder."""
        file = folder / "fachverfahren.sqlite"
        file.touch()
        return cls(f"sqlite:///{file}", **options)

    @classmethod
    def on_postgres(cls, server: Postgres, **options: object) -> Self:
        """In a table of its own in a database that all share: a new one takes its time."""
        url = _SHARED.get(server) or _SHARED.setdefault(server, server.new_database())
        return cls(url, table=f"outbox_{uuid.uuid4().hex[:8]}", **options)

    @property
    def dialect(self) -> Any:  # noqa: ANN401 - one of ddl's names
        """Which kind of database it is."""
        return self.engine.dialect.name

    def execute(self, script: str) -> None:
        """Run a script of statements."""
        with self.engine.begin() as connection:
            for statement in script.split(";\n"):
                if statement.strip():
                    connection.exec_driver_sql(statement)

    def say(self, said: Sequence[Said]) -> None:
        """Write one row for each, all in one transaction, as a system does."""
        with self.saying(said):
            pass

    @contextmanager
    def saying(self, said: Sequence[Said]) -> Iterator[None]:
        """Write the rows; they are there for others when the block is over."""
        name = self.options.column
        with self.engine.begin() as connection:
            for one in said:
                row = _row(one)
                columns = ", ".join(name(role) for role in row)
                values = ", ".join(f":{role}" for role in row)
                if self.dialect == "postgresql":
                    values = values.replace(":payload", "CAST(:payload AS jsonb)")
                    values = values.replace(":time", "CAST(:time AS timestamptz)")
                into = f"{self.options.table} ({columns})"
                insert = f"INSERT INTO {into} VALUES ({values})"  # noqa: S608 - our own names
                connection.execute(text(insert), row)
            yield

    def rows(self) -> list[dict[str, Any]]:
        """Every row, in the order in which it was written."""
        order = self.options.column("number")
        query = f"SELECT * FROM {self.options.table} ORDER BY {order}"  # noqa: S608 - the same
        with self.engine.connect() as connection:
            return [dict(row) for row in connection.execute(text(query)).mappings()]

    def source(
        self, now: Callable[[], datetime] = lambda: AT, **options: object
    ) -> SqlOutboxSource:
        """A new source to this outbox."""
        return SqlOutboxSource(self.options.model_copy(update=options), now)

    def waiting(self) -> int:
        """How many rows are neither published nor refused."""
        return sum(
            row.get("published_at") is None and row["refused_at"] is None for row in self.rows()
        )

    def put(self, count: int) -> Sequence[tuple[str, str]]:
        """More events, for the suite of sources."""
        events = [self._next() for _ in range(count)]
        self.say([structured(event) for event in events])
        return [(event.context.source, event.context.id) for event in events]

    def hand_in(self, said: Sequence[Said]) -> None:
        """For the suite of doors."""
        self.say(said)

    def carry(self, publish: Publish) -> None:
        """Run a source until nothing waits."""
        stop = Stop()
        source = self.source()
        run_source(_Watched(source, self, stop), publish, stop)

    def refused(self) -> Mapping[int, set[str]]:
        """The codes in the column `problems`."""
        return {
            place: {problem["code"] for problem in json.loads(row["problems"])}
            for place, row in enumerate(self.rows())
            if row["refused_at"] is not None
        }

    def told(self) -> str:
        """What stands in the column `problems`."""
        return str([row["problems"] for row in self.rows()])

    def _next(self) -> Event[Data]:
        self._count += 1
        name = f"00000000-0000-4000-8000-{self._count:012d}"
        return an_offer(id=name, on=f"offer-{self._count % 7}", by=PARTY)


class _Watched:
    """A source that ends its loop when it has nothing more."""

    def __init__(self, source: Source, outbox: Outbox, stop: Stop) -> None:
        self._source = source
        self._outbox = outbox
        self._stop = stop

    def read(self) -> Any:  # noqa: ANN401 - a batch or None
        batch = self._source.read()
        if batch is None and not self._outbox.waiting():
            self._stop.set()
        return batch

    def close(self) -> None:
        self._source.close()


@contextmanager
def disposed(outbox: Outbox) -> Iterator[Outbox]:
    """The outbox, its connections closed at the end."""
    try:
        yield outbox
    finally:
        outbox.engine.dispose()


def _row(said: Said) -> dict[str, Any]:
    known = {name: said[name] for name in ATTRIBUTES if name in said}
    return known | {
        "id": said["id"],
        "aggregatetype": "case",
        "aggregateid": said["subject"],
        "type": said["type"],
        "payload": json.dumps(said["data"], ensure_ascii=False),
    }
