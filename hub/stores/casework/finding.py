"""Turns a view, and what is wanted of it, into conditions and an order in SQL."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, case, func, true

from hub.casework.case_file import Kind
from hub.casework.desk import Wanted
from hub.casework.views import View
from hub.domain.transitions import Status
from hub.stores.casework.tables import case_files
from hub.trail.local_time import begin, day_of, end
from schemas.events.ledger_recorded import HandoverState
from schemas.vocabulary import Urgency

Condition = ColumnElement[bool]
_c: Final = case_files.c
_OPEN: Final = ~_c.is_over
_OURS: Final = and_(_OPEN, _c.is_ours)
_NO_ADDRESS: Final = (Kind.LATE.value, Kind.OFFER.value)
"""Kinds of which something else is to be entered or noted."""
_SORTS: Final[dict[str, ColumnElement[Any]]] = {
    "due": _c.due_at,
    "received": _c.received_at,
    "changed": _c.changed_at,
    "case": _c.case_id,
    "status": _c.status,
}
USUAL: Final = "due"
_PRESSING: Final = case({Urgency.ASAP.value: 0, Urgency.URGENT.value: 1}, value=_c.urgency, else_=2)


def stands_in(view: View, clerk: str, now: datetime) -> Condition:
    """Whether a case stands in this view of this clerk now."""
    return conditions(clerk, now)[view]


def conditions(clerk: str, now: datetime) -> dict[View, Condition]:
    """Whether a case stands in each view of this clerk now."""
    today = day_of(now)
    return {
        View.MINE: and_(_OPEN, _c.assigned_to == clerk),
        View.UNASSIGNED: and_(_OURS, _c.assigned_to.is_(None)),
        View.DUE_TODAY: and_(_OURS, _c.due_at >= begin(today), _c.due_at < end(today)),
        View.OVERDUE: and_(_OURS, _c.due_at < now),
        View.ON_HOLD: and_(_OPEN, _c.status == Status.ON_HOLD.value),
        View.WAITING: and_(_OPEN, ~_c.is_ours, _c.problem.is_(None)),
        View.ADDRESS_CHANGES: and_(_OPEN, _c.to_enter, _c.kind.not_in(_NO_ADDRESS)),
        View.HANDOVERS: and_(_OPEN, _c.handover == HandoverState.OPEN.value),
        View.FAULTY: and_(_OPEN, _c.problem.is_not(None)),
        View.DONE: _c.is_over,
        View.ALL: true(),
    }


def fits(wanted: Wanted, now: datetime) -> Condition:
    """Whether a case is among those that are wanted."""
    return and_(stands_in(wanted.view, wanted.clerk, now), *_filters(wanted))


def order(sort: str) -> list[ColumnElement[Any]]:
    """The order; what has no value stands last.

    Deadlines end with a working day, so many are equal: of equals the more urgent stand first,
    then in the order of their numbers.
    """
    column = _SORTS.get(sort.removeprefix("-"), _SORTS[USUAL])
    way = column.desc() if sort.startswith("-") else column.asc()
    return [way.nulls_last(), _PRESSING, _c.case_id]


def _filters(wanted: Wanted) -> Iterator[Condition]:
    if wanted.service is not None:
        yield _c.service == wanted.service.value
    if wanted.urgency is not None:
        yield _c.urgency == wanted.urgency.value
    if wanted.other is not None:
        yield _c.other == wanted.other
    if wanted.search:
        yield func.lower(_c.case_id).startswith(wanted.search.lower(), autoescape=True)
