"""The ledger's tables, wired: from settings to trails, reports and statements."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from types import TracebackType
from typing import Self

import structlog
from sqlalchemy import Connection, Engine

from connectors.backoffice.tables import inbox
from connectors.errors import Broken, Later
from connectors.sql.database import answering
from hub.party_file import load_parties
from hub.settings import Settings
from hub.stores.ledger import days, figures
from hub.stores.ledger.cases import cases
from hub.stores.ledger.reading import open_existing, open_ledger
from hub.stores.ledger.stored import stored
from hub.trail import local_time
from hub.trail.figures import Figures
from hub.trail.line import Line
from hub.trail.offices import Offices
from hub.trail.report import Report
from hub.trail.sight import seen_by
from hub.trail.statement import Statement, statement
from hub.trail.steps import Stored
from hub.trail.trail import Trail, told_in_full, trail_of

log = structlog.get_logger()


class Trails:
    """Answers from the ledger's tables; any number of threads may ask."""

    def __init__(self, settings: Settings) -> None:
        """Open the tables; raises NoLedger, PartiesError, and Later when they are away."""
        self.offices = Offices(load_parties(settings.parties))
        self.offices.answer_due(None, datetime.now(UTC))  # loads the calendar before anybody asks
        self._ledger = open_ledger(settings.ledger.database.get_secret_value())
        self._inbox: Engine | None = None
        if settings.backoffice.parties:
            self._inbox = open_existing(settings.backoffice.database.get_secret_value(), inbox)

    def trace(self, wanted: str, now: datetime, party: str | None = None) -> list[Trail]:
        """The trail of each case that this id belongs to, as far as the party may see it.

        `wanted` is the id of a case, of an event, or of a copy, receipt or notice.
        """
        with _asked(self._ledger) as connection:
            found = cases(connection, wanted)
        if party is not None:
            found = [lines for case in found if (lines := seen_by(party, case))]
        kept = self._stored([line for lines in found for line in told_in_full(lines, {wanted})])
        return [trail_of(lines, now, self.offices, kept, {wanted}) for lines in found]

    def report(self, first: date, last: date, now: datetime) -> list[Figures]:
        """The figures of what began on these days, both included."""
        span = local_time.begin(first), local_time.end(last)
        counted = Report(self.offices, *span, now)
        with _asked(self._ledger) as connection:
            counted.count_referrals(figures.referrals(connection, *span))
            counted.count_refused(figures.refused(connection, *span))
            counted.count_handovers(figures.handovers(connection, *span))
        return counted.figures()

    def statement(self, party: str, day: date) -> Statement:
        """What was written to the party on this day, and what is missing of what it sent."""
        span = local_time.begin(day), local_time.end(day)
        with _asked(self._ledger) as connection:
            rows = list(days.written_to(connection, party, *span))
            sources = list(days.numbers_of(connection, party, *span))
            until = days.read_until(connection)
        return statement(day, party, rows, sources, until)

    def _stored(self, lines: Sequence[Line]) -> Stored:
        """When copies were kept, as far as inbox tables can be read here and answer."""
        if self._inbox is None:
            return {}
        try:
            with _asked(self._inbox) as connection:
                return stored(connection, lines)
        except (Later, Broken) as error:
            log.warning("inbox_not_read", why=str(error))
            return {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._ledger.dispose()
        if self._inbox is not None:
            self._inbox.dispose()


@contextmanager
def _asked(engine: Engine) -> Iterator[Connection]:
    with answering(), engine.connect() as connection:
        yield connection
