"""Which list an address asks for, and the address of a list: the one undoes the other."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final, TypeVar
from urllib.parse import urlencode

from hub.casework.desk import Wanted
from hub.casework.views import View
from schemas.vocabulary import Service, Urgency

SORTS: Final = ("case", "received", "due", "status", "changed")
"""By what a list can be sorted; with `-` before it the other way round."""
BY_VIEW: Final = {View.DONE: "-changed", View.FAULTY: "-changed", View.ALL: "-received"}
"""How a view is sorted where nobody says; the others by what is due first."""
MOST_PAGES: Final = 100_000
MOST_SEARCHED: Final = 64

Code = TypeVar("Code", bound=StrEnum)


class NotAList(Exception):
    """The address asks for something that no list has."""


def usual_sort(view: View) -> str:
    """How a view is sorted where nobody says."""
    return BY_VIEW.get(view, "due")


def read(view: str, query: Mapping[str, str], clerk: str) -> Wanted:
    """What is asked for; raises NotAList for what was never offered."""
    asked = _one_of(View, view)
    if asked is None:
        raise NotAList
    sort = query.get("sort") or usual_sort(asked)
    page = query.get("page") or "1"
    if sort.removeprefix("-") not in SORTS or not _is_page(page):
        raise NotAList
    return Wanted(
        view=asked,
        clerk=clerk,
        service=_one_of(Service, query.get("service")),
        urgency=_one_of(Urgency, query.get("urgency")),
        other=query.get("other") or None,
        search=(query.get("search") or "").strip()[:MOST_SEARCHED],
        sort=sort,
        page=int(page),
    )


def address(wanted: Wanted, **changes: object) -> str:
    """Where this list stands, or one that differs in this."""
    values: dict[str, object] = {
        "service": wanted.service,
        "urgency": wanted.urgency,
        "other": wanted.other,
        "search": wanted.search,
        "sort": wanted.sort,
        "page": wanted.page,
        **changes,
    }
    usual = {"sort": usual_sort(wanted.view), "page": 1}
    said = {name: value for name, value in values.items() if value and value != usual.get(name)}
    query = f"?{urlencode(said)}" if said else ""
    return f"/inbox/{wanted.view}{query}"


def turned(wanted: Wanted, column: str) -> str:
    """How a list is sorted after a click on this column's heading."""
    return f"-{column}" if wanted.sort == column else column


def _one_of(codes: type[Code], asked: str | None) -> Code | None:
    if not asked:
        return None
    try:
        return codes(asked)
    except ValueError:
        raise NotAList from None


def _is_page(page: str) -> bool:
    short = page.isascii() and page.isdigit() and len(page) <= len(str(MOST_PAGES))
    return short and 0 < int(page) <= MOST_PAGES
