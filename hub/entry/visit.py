"""Who is asking, as far as it is known: somebody signed in, locked, not any more, or nobody."""

from dataclasses import dataclass

from starlette.requests import Request

from hub.access.clerk import Clerk
from hub.access.sessions import Limits, Session, Standing
from hub.access.tokens import digest, form_token, same

FIELD = "csrf_token"
"""The field of every form that changes something."""
HEADER = "x-csrf-token"
"""The same for a script."""


@dataclass(frozen=True, slots=True)
class Visit:
    """One request's browser."""

    session_id: str | None
    """As it stands in the cookie, if there is such a session."""
    door: str | None
    """The cookie of whoever is about to sign in."""
    session: Session | None = None
    standing: Standing | None = None

    @property
    def digest(self) -> str | None:
        """Under which the session is kept."""
        return None if self.session_id is None else digest(self.session_id)

    @property
    def is_active(self) -> bool:
        """Whether somebody is signed in and not locked."""
        return self.standing is Standing.ACTIVE

    @property
    def clerk(self) -> Clerk | None:
        """Whose session it is, or was."""
        return None if self.session is None else self.session.account.clerk

    @property
    def form_token(self) -> str:
        """What this browser's forms carry; empty where it has neither session nor door."""
        lives = self.session_id is not None and self.standing is not Standing.OVER
        secret = self.session_id if lives else self.door
        return "" if secret is None else form_token(secret)

    def is_own_form(self, token: object) -> bool:
        """Whether a form with this token was made for this browser."""
        expected = self.form_token
        return bool(expected) and isinstance(token, str) and same(token, expected)

    def ends(self, limits: Limits) -> "Ends | None":
        """When it ends, for somebody who is signed in."""
        if self.session is None or not self.is_active:
            return None
        return Ends(self.session, limits)


class Ends:
    """When a session is locked if nothing happens, and when it is over, as the pages say it."""

    def __init__(self, session: Session, limits: Limits) -> None:
        """Of this session."""
        self.ends_at = session.ends_at(limits)
        self.locks_at = min(session.locks_at(limits), self.ends_at)
        self.has_password = session.account.identity is None


def visit_of(request: Request) -> Visit:
    """Who is asking; nobody where it was not looked up."""
    found: Visit = getattr(request.state, "visit", Visit(None, None))
    return found
