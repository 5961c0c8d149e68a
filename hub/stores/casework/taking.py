"""Takes what was delivered to a party into its case files, in the transaction that keeps it."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from heapq import merge
from itertools import islice
from typing import Any, Final

from sqlalchemy import Connection, Table, select

from connectors.backoffice.sink import Fresh, erased_cases
from connectors.backoffice.tables import faulty, inbox, receipts
from hub.casework.fold import concerns, fold, matters
from hub.casework.progress import Here
from hub.stores.casework import said
from hub.stores.casework.erasing import erase_cases
from hub.stores.casework.happenings import told_by
from hub.stores.casework.unit import changing

AT_A_TIME: Final = 500
_PLACE: Final = ("topic", "topic_partition", "topic_offset")


def take(connection: Connection, fresh: Sequence[Fresh], here: Here, now: datetime) -> None:
    """Fold these rows, in their order, into the case files."""
    with changing(connection, here.party, now) as unit:
        about = [one.row["about_id"] for one in fresh if one.table is receipts]
        said_here = said.spoken(connection, about)
        told = [told_by(one, said_here.get) for one in fresh]
        kept = unit.cases({one.case for one in told})
        for case, happening in told:
            before = kept.get(case)
            if before is None and not concerns(happening):
                continue
            after = fold(before, case, happening, here)
            kept[case] = unit.keep(after, matters=matters(before, after, happening))
        if gone := erased_cases(fresh):
            erase_cases(connection, here.party, gone)


def take_all(connection: Connection, here: Here, now: datetime) -> None:
    """Fold everything that was ever delivered: for a desk that is opened after its inbox."""
    rows = merge(
        *(_rows(connection, table, here.party) for table in (inbox, receipts, faulty)), key=_place
    )
    while part := list(islice(rows, AT_A_TIME)):
        take(connection, part, here, now)


def _rows(connection: Connection, table: Table, party: str) -> Iterator[Fresh]:
    order = [table.c[name] for name in _PLACE]
    query = select(table).where(table.c.party == party).order_by(*order)
    found: Iterable[Any] = connection.execute(query, execution_options={"yield_per": AT_A_TIME})
    for row in found:
        yield Fresh(table, row._asdict())


def _place(fresh: Fresh) -> tuple[Any, ...]:
    return tuple(fresh.row[name] for name in _PLACE)
