"""A caller is turned away, as RFC 6750 says it."""

from typing import Final

from connectors.callers.codes import MEANINGS, CallerCode
from connectors.callers.scopes import Scope

CHALLENGE: Final = 'Bearer realm="kurze-wege"'
_ERRORS: Final = {
    CallerCode.AUTHORIZATION_MISSING: "",
    CallerCode.AUTHORIZATION_UNKNOWN: ', error="invalid_token"',
    CallerCode.AUTHORIZATION_EXPIRED: ', error="invalid_token", error_description="expired"',
}


class NotAdmitted(Exception):
    """The caller may not come in, or may not do this, or not now; the code says why."""

    def __init__(
        self,
        code: CallerCode,
        wanted: tuple[Scope, ...] = (),
        retry_after_s: float | None = None,
    ) -> None:
        """`wanted`: the scopes of which one was needed; `retry_after_s`: when to come again."""
        super().__init__(code)
        self.code = code
        self.wanted = wanted
        self.retry_after_s = retry_after_s

    @property
    def title(self) -> str:
        """What the code says."""
        return MEANINGS[self.code].title

    @property
    def headers(self) -> dict[str, str]:
        """The challenge, where there is one (RFC 6750, 3)."""
        if self.code is CallerCode.SCOPE_INSUFFICIENT:
            return challenge(*self.wanted)
        error = _ERRORS.get(self.code)
        return {} if error is None else {"WWW-Authenticate": CHALLENGE + error}


def challenge(*wanted: Scope) -> dict[str, str]:
    """What to say of a token that lacks one of these scopes."""
    said = f'{CHALLENGE}, error="insufficient_scope", scope="{" ".join(wanted)}"'
    return {"WWW-Authenticate": said}
