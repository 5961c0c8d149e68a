"""Writes pages: a template, in the language of who asks, with what every page has."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from starlette.requests import Request
from starlette.responses import HTMLResponse

from hub.domain.parties import Parties
from hub.web.access import Access
from hub.web.languages import Language, language_of
from hub.web.static import Static
from hub.web.templating import environment
from hub.web.wording import Wording, wording_of


@dataclass(frozen=True, slots=True)
class Setting:
    """Where the pages stand: whose they are, and what is around them."""

    party: str
    parties: Parties
    access: Access
    now: Callable[[], datetime]
    static: Static
    contact: str
    """Whom clerks turn to, as it is shown to them."""

    def party_name(self, party: str) -> str:
        """A party's name for people; its id where it is not declared (any more)."""
        found = self.parties.get(party)
        return found.name if found else party

    def town_name(self, ags: str) -> str:
        """A municipality's name for people; its key where it is not of the district."""
        found = self.parties.municipality(ags)
        return found.name if found else ags


class Pages:
    """Writes each page in the language of who asks."""

    def __init__(self, setting: Setting) -> None:
        """Write pages that stand there."""
        self.setting = setting
        self._around: Mapping[str, object] = {
            "setting": setting,
            "static": setting.static.address,
            "our": setting.parties.by_id[setting.party],
            "contact": setting.contact,
            "languages": list(Language),
        }

    def wording(self, request: Request) -> Wording:
        """The words in the language of who asks."""
        return wording_of(language_of(request))

    def answer(
        self,
        request: Request,
        template: str,
        values: Mapping[str, object],
        status: int = 200,
        headers: Mapping[str, str] | None = None,
    ) -> HTMLResponse:
        """The page of this template with these values."""
        language = language_of(request)
        whole = {
            **self._around,
            "request": request,
            "clerk": getattr(request.state, "clerk", None),
            "language": language,
            "here": _here(request),
            **self.setting.access.context(request),
            **values,
        }
        page = environment(language).get_template(template).render(whole)
        return HTMLResponse(page, status, {"Content-Language": language, **(headers or {})})


def _here(request: Request) -> str:
    """Where one is, to come back to; a form that was sent is asked for anew."""
    query = f"?{request.url.query}" if request.url.query and request.method == "GET" else ""
    return request.url.path + query
