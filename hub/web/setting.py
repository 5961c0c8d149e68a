"""Where the pages stand: whose they are, and what is around them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from starlette.requests import Request

from hub.domain.parties import Parties
from hub.pages.static import Static


@dataclass(frozen=True, slots=True)
class Setting:
    """What every page of one party knows."""

    party: str
    parties: Parties
    now: Callable[[], datetime]
    static: Static
    contact: str
    """Whom clerks turn to, as it is shown to them."""
    has_figures: bool
    """Whether there is a page of figures."""
    has_audit: bool
    """Whether an audit is kept, to be read by auditors."""
    context: Callable[[Request], Mapping[str, object]]
    """What the accounts give to every template."""
    name_of: Callable[[str], str | None]
    """The name of the clerk with this id; None where nobody knows it."""

    def party_name(self, party: str) -> str:
        """A party's name for people; its id where it is not declared (any more)."""
        found = self.parties.get(party)
        return found.name if found else party

    def town_name(self, ags: str) -> str:
        """A municipality's name for people; its key where it is not of the district."""
        found = self.parties.municipality(ags)
        return found.name if found else ags
