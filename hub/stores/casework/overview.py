"""What a lead sees of a desk: figures, what is not done yet, and the offers on the map."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime

from sqlalchemy import Connection, func, select

from connectors.sql.database import answering
from hub.casework.case_file import Kind
from hub.casework.overview import Beside, Standing
from hub.casework.progress import Here
from hub.domain.freshness import Freshness
from hub.stores.casework import ways
from hub.stores.casework.tables import case_files
from hub.stores.offers import rows
from hub.stores.offers.reading import open_for_reading
from hub.stores.offers.tables import offers
from hub.trail.figures import Figures
from hub.trail.local_time import begin, end
from hub.trail.offices import Offices
from hub.trail.report import Report
from schemas.events.ledger_recorded import HandoverState


class SqlOverview:
    """`hub.casework.overview.Overview`, read without waiting for anybody; for any thread."""

    def __init__(self, url: str, here: Here) -> None:
        """Read the database at `url`, which is this party's desk and keeps its offers."""
        self._here = here
        self._engine = open_for_reading(url)

    def figures(self, first: date, last: date, now: datetime) -> Sequence[Figures]:
        """Of the referrals sent on these days, per municipality and month, then the totals."""
        with answering(), self._engine.begin() as connection:
            return figures(connection, self._here, first, last, now)

    def beside(self, first: date, last: date, now: datetime) -> Beside:
        """The referrals forwarded on these days, both included, and the hand-overs open now."""
        with answering(), self._engine.begin() as connection:
            forwarded = ways.forwarded(connection, self._here.party, begin(first), end(last))
            return Beside(forwarded, *handovers(connection, now))

    def standing(self, now: datetime) -> Sequence[Standing]:
        """How things stand with each other party, in the order of their ids."""
        with answering(), self._engine.begin() as connection:
            return standing(connection, now)

    def offers_by_place(self, now: datetime) -> Mapping[str, int]:
        """How many support offers one can send somebody to there are at each place, by AGS."""
        with answering(), self._engine.begin() as connection:
            return offers_by_place(connection, now)

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()


def figures(
    connection: Connection, here: Here, first: date, last: date, now: datetime
) -> Sequence[Figures]:
    """Of the referrals sent on these days, per municipality and month, then the totals."""
    span = begin(first), end(last)
    counted = Report(Offices(here.parties), *span, now)
    counted.count_referrals(ways.referrals(connection, here.party, *span))
    counted.count_refused(ways.refused(connection, here.party, *span))
    return counted.figures()


def standing(connection: Connection, now: datetime) -> Sequence[Standing]:
    """How things stand with each other party, in the order of their ids."""
    of = case_files.c
    is_late = of.due_at < now
    count = func.count()
    query = (
        select(
            of.other,
            count.filter(of.is_ours),
            count.filter(of.is_ours, is_late),
            count.filter(~of.is_ours),
            count.filter(~of.is_ours, is_late),
        )
        .where(~of.is_over, of.kind == Kind.REFERRAL.value, of.other.is_not(None))
        .group_by(of.other)
        .order_by(of.other)
    )
    return [Standing(*row) for row in connection.execute(query)]


def handovers(connection: Connection, now: datetime) -> tuple[int, int]:
    """How many hand-overs are open, and how many of them are overdue."""
    of = case_files.c
    count = func.count()
    query = select(count, count.filter(of.due_at < now)).where(
        ~of.is_over, of.handover == HandoverState.OPEN.value
    )
    is_open, is_late = connection.execute(query.select_from(case_files)).one()
    return is_open, is_late


def offers_by_place(connection: Connection, now: datetime) -> Mapping[str, int]:
    """How many offers one can send somebody to there are at each place, by AGS.

    An offer that names no place is where the area it serves begins.
    """
    today = now.astimezone(UTC).date()
    found: Counter[str] = Counter()
    for row in connection.execute(select(offers).where(~offers.c.withdrawn)):
        offer = rows.read(row).offer
        if offer.freshness(today) is not Freshness.FADED:
            found[offer.place_ags or offer.service_area[0]] += 1
    return dict(sorted(found.items()))
