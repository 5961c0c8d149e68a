"""What every page works with: a party's desk, the registry, the clock, and who writes pages."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from starlette.requests import Request
from starlette.responses import HTMLResponse

from hub.casework.desk import Desk
from hub.domain.parties import Parties, Party
from hub.web.pages import Pages


@dataclass(frozen=True, slots=True)
class Office:
    """One party's back office."""

    desk: Desk
    parties: Parties
    now: Callable[[], datetime]
    """The time, with its offset."""
    pages: Pages

    @property
    def party(self) -> Party:
        """Whose office it is."""
        return self.parties.by_id[self.desk.party]

    def answer(
        self,
        request: Request,
        template: str,
        values: Mapping[str, object] | None = None,
        status: int = 200,
    ) -> HTMLResponse:
        """The page of this template with these values."""
        return self.pages.answer(request, template, values or {}, status)
