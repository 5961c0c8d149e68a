"""Writes pages: a template, in the language of who asks, with what every page has."""

from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import HTMLResponse

from hub.language import Language
from hub.pages.languages import language_of
from hub.web.setting import Setting
from hub.web.templating import environment
from hub.web.wording import Wording, wording_of


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
            "has_figures": setting.has_figures,
            "has_audit": setting.has_audit,
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
            **self.setting.context(request),
            **values,
        }
        page = environment(language).get_template(template).render(whole)
        return HTMLResponse(page, status, {"Content-Language": language, **(headers or {})})


def _here(request: Request) -> str:
    """Where one is, to come back to; a form that was sent is asked for anew."""
    query = f"?{request.url.query}" if request.url.query and request.method == "GET" else ""
    return request.url.path + query
