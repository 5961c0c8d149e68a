"""The pages' style, script and sign: few, small, held in memory, named by their content."""

import hashlib
from importlib import resources
from typing import Final, NamedTuple

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

TYPES: Final = {"css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}
SHARED: Final = "hub.pages"
FOR_GOOD: Final = "public, max-age=31536000, immutable"


class _File(NamedTuple):
    body: bytes
    media_type: str
    mark: str
    """Changes with the content, so that a browser may keep what it has."""


class Static:
    """The files that all pages share, and those of one room: its folder `static`."""

    def __init__(self, room: str) -> None:
        """Read them all."""
        folders = [resources.files(one) / "static" for one in (SHARED, room)]
        self._files = {
            each.name: _read(each.name, each.read_bytes())
            for folder in folders
            for each in folder.iterdir()
        }
        self.routes = (Route("/static/{name}", self._serve, methods=["GET"], name="static"),)

    def address(self, name: str) -> str:
        """Where a page finds the file."""
        return f"/static/{name}?v={self._files[name].mark}"

    async def _serve(self, request: Request) -> Response:
        file = self._files.get(request.path_params["name"])
        if file is None:
            raise HTTPException(404)
        headers = {"Cache-Control": FOR_GOOD, "Vary": "Accept-Encoding"}
        return Response(file.body, media_type=file.media_type, headers=headers)


def _read(name: str, body: bytes) -> _File:
    mark = hashlib.sha256(body).hexdigest()[:12]
    return _File(body, TYPES[name.rpartition(".")[2]], mark)
