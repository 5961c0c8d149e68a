"""The directory as a web application: its few addresses, all of them only for reading."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from hub.domain.freshness import USUAL, Fading
from hub.domain.places import Places
from hub.hsds import parameters, query, taxonomy
from hub.hsds.answers import answer, refusal
from hub.hsds.directory import Directory
from hub.hsds.open_access import OpenAccess
from hub.hsds.openapi import ABOUT, describe
from hub.hsds.options import Options
from hub.hsds.paging import page
from hub.hsds.problems import NotAllowed, NotThere, Problem
from hub.hsds.service import Services

Json = dict[str, Any]


def create_app(
    directory: Directory,
    places: Places,
    now: Callable[[], datetime],
    options: Options,
    fading: Fading = USUAL,
) -> FastAPI:
    """The directory for these options; `now` is the time, with its offset."""
    reading = _Reading(directory, places, now, options, fading)
    app = FastAPI(
        openapi_url=None,
        redirect_slashes=False,
        exception_handlers={Problem: _problem, HTTPException: _no_such_address},
    )
    app.add_middleware(OpenAccess)
    for path, handler in (
        ("/", reading.about),
        ("/openapi.json", reading.openapi),
        ("/services", reading.services),
        ("/services/{id}", reading.service),
        ("/taxonomies", reading.taxonomies),
        ("/taxonomies/{id}", reading.taxonomy),
        ("/taxonomy_terms", reading.terms),
        ("/taxonomy_terms/{id}", reading.term),
    ):
        app.add_api_route(path, handler, methods=["GET", "HEAD"], response_model=None)
    return app


class _Reading:
    """What stands behind each address; the server calls it from several threads."""

    def __init__(
        self,
        directory: Directory,
        places: Places,
        now: Callable[[], datetime],
        options: Options,
        fading: Fading,
    ) -> None:
        self._directory = directory
        self._places = places
        self._now = now
        self._options = options
        self._fading = fading

    def about(self, request: Request) -> Response:
        """What this is, and which version of HSDS."""
        about = ABOUT | {"openapi_url": f"{self._here(request)}/openapi.json"}
        return self._answer(request, about)

    def openapi(self, request: Request) -> Response:
        """The OpenAPI document."""
        return self._answer(request, describe(self._here(request), self._options))

    def services(self, request: Request) -> Response:
        """A page of services."""
        asked = query.read(request.query_params.multi_items(), self._options.per_page)
        now = self._now()
        first = (asked.page - 1) * asked.per_page
        total, found = self._directory.find(asked.wish, now, first, asked.per_page)
        write = Services(self._places, now, self._fading)
        form = write.trace if asked.minimal else write.whole if asked.full else write.line
        contents = [form(listed) for listed in found]
        return self._answer(request, page(contents, asked.page, asked.per_page, total))

    def service(self, request: Request) -> Response:
        """One service, whole."""
        parameters.once(request.query_params.multi_items(), ())
        listed = self._directory.one(request.path_params["id"].lower())
        if listed is None:
            raise NotThere("There is no service with this id.")
        write = Services(self._places, self._now(), self._fading)
        return self._answer(request, write.whole(listed))

    def taxonomies(self, request: Request) -> Response:
        """The taxonomies."""
        asked = parameters.once(request.query_params.multi_items(), ("page", "per_page"))
        return self._part(request, asked, taxonomy.taxonomies())

    def taxonomy(self, request: Request) -> Response:
        """One taxonomy."""
        return self._one_of(request, taxonomy.taxonomies())

    def terms(self, request: Request) -> Response:
        """The terms, of all taxonomies or of one."""
        known = ("page", "per_page", "taxonomy_id")
        asked = parameters.once(request.query_params.multi_items(), known)
        terms = taxonomy.terms(parameters.identifier(asked, "taxonomy_id"))
        return self._part(request, asked, terms)

    def term(self, request: Request) -> Response:
        """One term."""
        return self._one_of(request, taxonomy.terms())

    def _part(self, request: Request, asked: parameters.Asked, things: Sequence[Json]) -> Response:
        number, size = parameters.paging(asked, self._options.per_page, query.MOST_PER_PAGE)
        first = (number - 1) * size
        part = page(things[first : first + size], number, size, len(things))
        return self._answer(request, part)

    def _one_of(self, request: Request, things: Sequence[Json]) -> Response:
        parameters.once(request.query_params.multi_items(), ())
        for thing in things:
            if thing["id"] == request.path_params["id"].lower():
                return self._answer(request, thing)
        raise NotThere("There is nothing with this id.")

    def _answer(self, request: Request, body: Json) -> Response:
        return answer(request, body, self._options.max_age_s)

    def _here(self, request: Request) -> str:
        return (self._options.public_url or str(request.base_url)).rstrip("/")


async def _problem(_request: Request, problem: Exception) -> JSONResponse:
    assert isinstance(problem, Problem)  # noqa: S101 - it is registered for no other
    return refusal(problem)


async def _no_such_address(_request: Request, fault: Exception) -> JSONResponse:
    if isinstance(fault, HTTPException) and fault.status_code == NotAllowed.status:
        return refusal(NotAllowed("The directory is only read: use GET."))
    return refusal(NotThere("There is nothing at this address; see /openapi.json."))
