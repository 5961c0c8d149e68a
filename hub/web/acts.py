"""The page on which an auditor reads who has seen or changed what of this party."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import datetime
from functools import partial
from typing import Final, NamedTuple

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from hub.audit.act import Did
from hub.audit.chain import Row
from hub.audit.keeping import Wanted
from hub.web.access import Right, require
from hub.web.asked import NotAList
from hub.web.office import Office

PER_PAGE: Final = 100
MOST_DIGITS: Final = 18


class Line(NamedTuple):
    """A row as it is shown; what nobody can read any more is shown as it stands there."""

    row: Row
    at: datetime | None
    did: Did | None


def routes(office: Office) -> Sequence[Route]:
    """The page; where no audit is kept there is none."""
    return (Route("/audit", partial(_show, office), methods=["GET"], name="audit"),)


def _show(office: Office, request: Request) -> Response:
    require(request, Right.RECORD)
    if office.audit is None:
        raise HTTPException(404)
    before = request.query_params.get("before", "")
    if before and not (before.isascii() and before.isdigit() and len(before) <= MOST_DIGITS):
        raise NotAList
    wanted = Wanted(party=office.desk.party)
    rows = office.audit.latest(wanted, PER_PAGE, int(before) if before else None)
    values = {
        "lines": list(_lines(rows)),
        "older": rows[-1].number if len(rows) == PER_PAGE else None,
        "head": office.audit.head(),
    }
    return office.answer(request, "audit.html", values)


def _lines(rows: Iterable[Row]) -> Iterator[Line]:
    for row in rows:
        at, did = None, None
        with suppress(ValueError):
            at = datetime.fromisoformat(row.at)
        with suppress(ValueError):
            did = Did(row.did)
        yield Line(row, at if at and at.tzinfo else None, did)
