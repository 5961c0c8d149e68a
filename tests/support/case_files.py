"""Case files as a desk may come to have them, and which of them a list should show."""

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final

from hypothesis import strategies as st

from hub.casework.case_file import CaseFile, Kind, Sending
from hub.casework.desk import Wanted
from hub.casework.views import View
from hub.domain.transitions import Status, Step
from hub.domain.working_year import ZONE
from schemas.events.ledger_recorded import HandoverState
from schemas.vocabulary import MeetingPlace, Service, Urgency
from tests.support.builders import DIEBURG, EPPERTSHAUSEN, KFB, NOW

CLERKS: Final = ("anna", "bert")
_MOMENTS: Final = st.integers(-72 * 60, 72 * 60).map(lambda m: NOW + timedelta(minutes=m))


@st.composite
def case_files(draw: st.DrawFn, case: str) -> CaseFile:
    """Any file with this number, also one that no course leads to."""

    def maybe(values: st.SearchStrategy[Any]) -> Any:  # noqa: ANN401 - a value or None
        return draw(st.none() | values)

    to_enter, handover = draw(st.booleans()), maybe(st.sampled_from(HandoverState))
    problem = maybe(st.sampled_from(["step-out-of-order", "area-unknown"]))
    is_open = to_enter or handover is HandoverState.OPEN or problem is not None
    return CaseFile(
        case=case,
        kind=draw(st.sampled_from(Kind)),
        version=draw(st.integers(1, 50)),
        received_at=draw(_MOMENTS),
        changed_at=draw(_MOMENTS),
        is_ours=draw(st.booleans()),
        other=maybe(st.sampled_from([KFB, EPPERTSHAUSEN, DIEBURG])),
        status=maybe(st.sampled_from(Status)),
        service=maybe(st.sampled_from(Service)),
        urgency=maybe(st.sampled_from(Urgency)),
        wished_place=maybe(st.sampled_from(MeetingPlace)),
        ags=maybe(st.sampled_from([EPPERTSHAUSEN, DIEBURG])),
        due_at=maybe(_MOMENTS),
        appointment_at=maybe(_MOMENTS),
        appointment_place=maybe(st.sampled_from(MeetingPlace)),
        cancellation_requested=draw(st.booleans()),
        to_enter=to_enter,
        handover=handover,
        seen_at=maybe(_MOMENTS),
        assigned_to=maybe(st.sampled_from(CLERKS)),
        said=maybe(st.sampled_from(Step)),
        sending=draw(st.sampled_from(Sending)),
        problem=problem,
        is_over=not is_open and draw(st.booleans()),
    )


def stands_in(file: CaseFile, view: View, clerk: str, now: datetime) -> bool:
    """Whether the file stands in this view, said in plain Python."""
    is_open, ours = not file.is_over, file.is_ours and not file.is_over
    return {
        View.MINE: is_open and file.assigned_to == clerk,
        View.UNASSIGNED: ours and file.assigned_to is None,
        View.DUE_TODAY: ours and _day(file.due_at) == _day(now),
        View.OVERDUE: ours and file.due_at is not None and file.due_at < now,
        View.ON_HOLD: is_open and file.status is Status.ON_HOLD,
        View.WAITING: is_open and not file.is_ours and file.problem is None,
        View.ADDRESS_CHANGES: file.to_enter and file.kind not in (Kind.LATE, Kind.OFFER),
        View.HANDOVERS: file.handover is HandoverState.OPEN,
        View.DONE: file.is_over,
        View.FAULTY: file.problem is not None,
        View.ALL: True,
    }[view]


def listed(files: Sequence[CaseFile], wanted: Wanted, now: datetime) -> list[str]:
    """The numbers of the cases that are wanted, in order, of all pages."""
    found = [file for file in files if _fits(file, wanted, now)]
    found.sort(key=lambda file: (_PRESSING.get(file.urgency, 2), file.case))
    key = _SORTS[wanted.sort.removeprefix("-")]
    has_value = [file for file in found if key(file) is not None]
    without = [file for file in found if key(file) is None]
    has_value.sort(key=key, reverse=wanted.sort.startswith("-"))
    return [file.case for file in (*has_value, *without)]


def _fits(file: CaseFile, wanted: Wanted, now: datetime) -> bool:
    return (
        stands_in(file, wanted.view, wanted.clerk, now)
        and wanted.service in (None, file.service)
        and wanted.urgency in (None, file.urgency)
        and wanted.other in (None, file.other)
        and file.case.lower().startswith(wanted.search.lower())
    )


def _day(at: datetime | None) -> date | None:
    return None if at is None else at.astimezone(ZONE).date()


_PRESSING: Final[dict[Urgency | None, int]] = {Urgency.ASAP: 0, Urgency.URGENT: 1}
"""Of cases that are equal otherwise these stand first."""
_SORTS: Final[dict[str, Callable[[CaseFile], Any]]] = {
    "due": lambda file: file.due_at,
    "received": lambda file: file.received_at,
    "changed": lambda file: file.changed_at,
    "case": lambda file: file.case,
    "status": lambda file: file.status,
}
