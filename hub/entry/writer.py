"""What coming in and going out ask of the pages around them: to be written like all the others."""

from collections.abc import Mapping
from typing import Protocol

from starlette.requests import Request
from starlette.responses import HTMLResponse

from hub.pages.wording import Wording


class Pages(Protocol):
    """Writes each page in the language of who asks."""

    def wording(self, request: Request) -> Wording:
        """The words in the language of who asks."""

    def answer(
        self, request: Request, template: str, values: Mapping[str, object], status: int = 200
    ) -> HTMLResponse:
        """The page of this template with these values."""
