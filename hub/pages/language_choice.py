"""The link that changes the language of the pages, and leads back to where one was."""

from collections.abc import Sequence
from typing import Final

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from hub.language import Language
from hub.pages.languages import COOKIE

YEAR_S: Final = 365 * 24 * 60 * 60


def routes() -> Sequence[Route]:
    """The link at its address."""
    return (Route("/language/{language}", _choose, methods=["GET"], name="language"),)


async def _choose(request: Request) -> Response:
    language = request.path_params["language"]
    if language not in list(Language):
        raise HTTPException(404)
    answer = RedirectResponse(local(request.query_params.get("next", "/")), status_code=303)
    answer.set_cookie(
        COOKIE,
        language,
        max_age=YEAR_S,
        secure=request.url.scheme == "https",
        httponly=True,
        samesite="lax",
    )
    return answer


def local(address: str) -> str:
    """The address if it leads to a page of ours, else the first page."""
    strange = not address.isprintable() or "\\" in address
    if strange or not address.startswith("/") or address.startswith("//"):
        return "/"
    return address
