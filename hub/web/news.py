"""How much is new in a view since it was shown: asked by the page's script, said politely there."""

from collections.abc import Sequence
from functools import partial

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from hub.casework.views import View
from hub.web.access import clerk_of
from hub.web.asked import NotAList
from hub.web.office import Office


def routes(office: Office) -> Sequence[Route]:
    """The count at its address; it is polled, so asking for it is no sign of a person."""
    return (Route("/news/{view}", partial(_count, office), methods=["GET"], name="news"),)


def _count(office: Office, request: Request) -> Response:
    mark, view = request.query_params.get("mark", ""), request.path_params["view"]
    if view not in list(View) or not (mark.isascii() and mark.isdigit() and len(mark) < 19):  # noqa: PLR2004 - 64 bits
        raise NotAList
    clerk = clerk_of(request)
    count = office.desk.news(int(mark), View(view), clerk.id, office.now())
    words = office.pages.wording(request)
    text = words.count(
        "%(num)s case is new or changed.", "%(num)s cases are new or changed.", count
    )
    return JSONResponse({"count": count, "text": text if count else ""})
