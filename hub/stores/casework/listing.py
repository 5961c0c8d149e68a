"""The lists of a desk: how many cases stand in each view, a page of them, and what is new."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, RowMapping, func, select

from hub.casework.case_file import CaseFile
from hub.casework.desk import CasePage, Wanted
from hub.casework.refusals import CaseNotHere
from hub.casework.views import View
from hub.stores.casework import finding, rows
from hub.stores.casework.said import on_their_way
from hub.stores.casework.tables import case_files, desk

OVER: Final = frozenset({View.DONE, View.ALL})
"""Views in which cases that are over stand."""


def counts(connection: Connection, clerk: str, now: datetime) -> Mapping[View, int]:
    """How many cases stand in each view, counted in one pass over those that are open."""
    these = finding.conditions(clerk, now)
    views = [view for view in View if view not in OVER]
    counted = [func.count().filter(these[view]).label(view.name) for view in views]
    is_open = ~case_files.c.is_over
    done = select(func.count()).select_from(case_files).where(case_files.c.is_over)
    query = select(*counted, func.count().label("open"), done.scalar_subquery().label("over"))
    row = connection.execute(query.select_from(case_files).where(is_open)).mappings().one()
    found = {view: int(row[view.name]) for view in views}
    over = int(row["over"])
    return found | {View.DONE: over, View.ALL: over + int(row["open"])}


def page(connection: Connection, wanted: Wanted, now: datetime) -> CasePage:
    """One page of a list."""
    these = finding.fits(wanted, now)
    first = (max(wanted.page, 1) - 1) * wanted.per_page
    query = select(*rows.COLUMNS).where(these).order_by(*finding.order(wanted.sort))
    found = connection.execute(query.offset(first).limit(wanted.per_page)).mappings().all()
    total = connection.execute(select(func.count()).select_from(case_files).where(these))
    mark = connection.execute(select(desk.c.changes)).scalar_one()
    return CasePage(_files(connection, found), total.scalar_one(), mark)


def news(connection: Connection, mark: int, view: View, clerk: str, now: datetime) -> int:
    """How many cases of this view are new or changed since `mark`."""
    these = finding.stands_in(view, clerk, now)
    newer = select(func.count()).select_from(case_files).where(case_files.c.version > mark, these)
    return connection.execute(newer).scalar_one()


def one(connection: Connection, case: str) -> CaseFile:
    """The case's file; raises CaseNotHere."""
    query = select(*rows.COLUMNS).where(case_files.c.case_id == case)
    found = connection.execute(query).mappings().all()
    if not found:
        raise CaseNotHere
    return _files(connection, found)[0]


def _files(connection: Connection, found: Sequence[RowMapping]) -> list[CaseFile]:
    return on_their_way(connection, [rows.file_of(row) for row in found])
