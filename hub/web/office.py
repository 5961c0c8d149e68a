"""What every page works with: a party's desk, the registry, the clock, and who writes pages."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from starlette.requests import Request
from starlette.responses import HTMLResponse

from hub.access.clerk import Clerk
from hub.audit.act import Act, Did
from hub.audit.keeping import Audit
from hub.casework.desk import Desk, OpenCase
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
    audit: Audit | None = None
    """Where it is written down who opens a case; None: no audit is kept."""

    @property
    def party(self) -> Party:
        """Whose office it is."""
        return self.parties.by_id[self.desk.party]

    def open(self, case: str, clerk: Clerk) -> OpenCase:
        """The case with its content, once it stands in the audit who opens it.

        Raises CaseNotHere, and NotAudited: then nobody sees it.
        """
        if self.audit is not None:
            self.desk.peek(case)
            act = Act(clerk.id, clerk.role.value, Did.CASE_OPENED, case, self.desk.party)
            self.audit.record(act)
        return self.desk.open(case, clerk.id, self.now())

    def answer(
        self,
        request: Request,
        template: str,
        values: Mapping[str, object] | None = None,
        status: int = 200,
    ) -> HTMLResponse:
        """The page of this template with these values."""
        return self.pages.answer(request, template, values or {}, status)
