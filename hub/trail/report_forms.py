"""A report as a table, as CSV and as plain values for JSON."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from hub.trail.figures import Figures

COLUMNS: Final = (
    "municipality",
    "month",
    "referrals",
    "accepted",
    "appointments",
    "h to acceptance",
    "h to appointment",
    "h in all",
    "in time",
    "rejected",
    "refused",
    "offers used",
    "open hand-overs",
)
CODE_COLUMNS: Final = ("municipality", "month", "what", "code", "number")
EVERYWHERE: Final = "all"
WHOLE_TIME: Final = "all"
FORMULAS: Final = ("=", "+", "-", "@", "\t", "\r")
"""How a cell begins that spreadsheets compute."""
_FIXED: Final = (
    "municipality",
    "name",
    "month",
    "referrals",
    "accepted",
    "appointments",
    "hours_to_acceptance",
    "hours_to_appointment",
    "hours_in_all",
    "answers_due",
    "answers_in_time",
    "open_handovers",
)


def rows(figures: Sequence[Figures], names: Mapping[str, str]) -> Iterator[tuple[str, ...]]:
    """The table's rows; lengths are median working hours."""
    for one in figures:
        yield (
            _name(one, names),
            one.month or WHOLE_TIME,
            str(one.referrals),
            str(one.accepted),
            str(one.appointments),
            _hours(one.hours_to_acceptance),
            _hours(one.hours_to_appointment),
            _hours(one.hours_in_all),
            _percent(one.share_in_time),
            str(sum(one.rejected.values())),
            str(sum(one.refused.values())),
            str(sum(one.offers_used.values())),
            str(one.open_handovers),
        )


def code_rows(figures: Sequence[Figures], names: Mapping[str, str]) -> Iterator[tuple[str, ...]]:
    """Refusals by reason and offers by name; the totals of the whole time only."""
    for one in figures:
        if not one.month:
            for what, counts in _counts(one).items():
                for code, number in counts.items():
                    yield _name(one, names), WHOLE_TIME, what, code, str(number)


def as_csv(figures: Sequence[Figures], names: Mapping[str, str]) -> str:
    """RFC 4180 with a head; one column for each reason, code and offer that occurs."""
    occurring = {
        (what, code) for one in figures for what, counts in _counts(one).items() for code in counts
    }
    codes = sorted(occurring)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([*_FIXED, *(f"{what}: {_inert(code)}" for what, code in codes)])
    for one in figures:
        counts = _counts(one)
        fixed = _plain(one, names)
        found = [counts[what].get(code, 0) for what, code in codes]
        writer.writerow([*(_inert(fixed[name]) for name in _FIXED), *found])
    return text.getvalue()


def _inert(cell: object) -> object:
    """A text that no spreadsheet takes for a formula (OWASP, CSV injection)."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULAS) else cell


def plain(figures: Sequence[Figures], names: Mapping[str, str]) -> list[dict[str, Any]]:
    """Each municipality and month as JSON values; `all` stands for every one."""
    return [
        _plain(one, names)
        | {
            "share_in_time": one.share_in_time,
            "rejected": dict(one.rejected),
            "refused": dict(one.refused),
            "offers_used": dict(one.offers_used),
        }
        for one in figures
    ]


def _plain(one: Figures, names: Mapping[str, str]) -> dict[str, Any]:
    return {
        "municipality": one.municipality or EVERYWHERE,
        "name": _name(one, names),
        "month": one.month or WHOLE_TIME,
        "referrals": one.referrals,
        "accepted": one.accepted,
        "appointments": one.appointments,
        "hours_to_acceptance": one.hours_to_acceptance,
        "hours_to_appointment": one.hours_to_appointment,
        "hours_in_all": one.hours_in_all,
        "answers_due": one.due,
        "answers_in_time": one.in_time,
        "open_handovers": one.open_handovers,
    }


def _counts(one: Figures) -> dict[str, Mapping[str, int]]:
    return {"rejected": one.rejected, "refused": one.refused, "offer used": one.offers_used}


def _name(one: Figures, names: Mapping[str, str]) -> str:
    return names.get(one.municipality, one.municipality) or EVERYWHERE


def _hours(value: float | None) -> str:
    return "" if value is None else f"{value:.1f}"


def _percent(value: float | None) -> str:
    return "" if value is None else f"{value:.0%}"
