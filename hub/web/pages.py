"""Writes pages: a template, in the language of who asks, with what every page has."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse

from hub.domain.parties import Parties
from hub.web.access import Access
from hub.web.filters import said_by
from hub.web.languages import Language, language_of
from hub.web.static import Static
from hub.web.wording import Wording

_LOADER: Final = PackageLoader("hub.web", "templates")


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


class Pages:
    """Writes each page in the language of who asks."""

    def __init__(self, setting: Setting) -> None:
        """Read the catalogues and make ready to write."""
        self._setting = setting
        self._wordings = {language: Wording(language) for language in Language}
        self._environments = {
            language: _environment(wording, setting) for language, wording in self._wordings.items()
        }

    def wording(self, request: Request) -> Wording:
        """The words in the language of who asks."""
        return self._wordings[language_of(request)]

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
        around: dict[str, object] = {
            "request": request,
            "clerk": getattr(request.state, "clerk", None),
            "language": language,
            "languages": list(Language),
            "here": _here(request),
            **self._setting.access.context(request),
        }
        page = self._environments[language].get_template(template)
        kept = {"Content-Language": language, **(headers or {})}
        return HTMLResponse(page.render(around | dict(values)), status, kept)

    def party(self, party: str) -> str:
        """A party's name for people; its id where it is not declared any more."""
        return _party_name(self._setting.parties, party)

    def town(self, ags: str) -> str:
        """A municipality's name for people; its key where it is not of the district."""
        return _town_name(self._setting.parties, ags)


def _environment(wording: Wording, setting: Setting) -> Environment:
    environment = Environment(
        loader=_LOADER,
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    gettext: Any = environment
    gettext.install_gettext_translations(wording.catalogue, newstyle=True)

    def deadline(at: datetime, *, short: bool = False) -> object:
        party = setting.parties.by_id[setting.party]
        return wording.deadline(at, setting.now(), party.working_time, short=short)

    environment.filters.update(said_by(wording))
    environment.filters |= {
        "colleague": lambda clerk: setting.access.name_of(clerk) or clerk,
        "deadline": deadline,
        "party": lambda party: _party_name(setting.parties, party),
        "town": lambda ags: _town_name(setting.parties, ags),
    }
    environment.globals |= {
        "static": setting.static.address,
        "our": setting.parties.by_id[setting.party],
        "contact": setting.contact,
    }
    return environment


def _party_name(parties: Parties, party: str) -> str:
    """A party's name for people; its id where it is not declared (any more)."""
    found = parties.get(party)
    return found.name if found else party


def _town_name(parties: Parties, ags: str) -> str:
    found = parties.municipality(ags)
    return found.name if found else ags


def _here(request: Request) -> str:
    """Where one is, to come back to; a form that was sent is asked for anew."""
    query = f"?{request.url.query}" if request.url.query and request.method == "GET" else ""
    return request.url.path + query
