"""A caller is turned away, as RFC 6750 says it."""

from typing import Final

from connectors.callers.codes import MEANINGS, CallerCode
from connectors.callers.scopes import Scope

CHALLENGE: Final = 'Bearer realm="kurze-wege"'
_INVALID: Final = frozenset(
    {
        CallerCode.AUTHORIZATION_UNKNOWN,
        CallerCode.AUTHORIZATION_EXPIRED,
        CallerCode.AUTHORIZATION_MISMATCHED,
    }
)
_ASKED: Final = frozenset({CallerCode.AUTHORIZATION_MISSING, CallerCode.CERTIFICATE_UNKNOWN})


class NotAdmitted(Exception):
    """The caller may not come in, or may not do this, or not now; the code says why."""

    def __init__(
        self,
        code: CallerCode,
        wanted: tuple[Scope, ...] = (),
        retry_after_s: float | None = None,
        flaw: str = "",
    ) -> None:
        """`wanted`: the scopes of which one was needed; `retry_after_s`: when to come again.

        `flaw`: what is wrong with the token, a word.
        """
        super().__init__(code)
        self.code = code
        self.wanted = wanted
        self.retry_after_s = retry_after_s
        self.flaw = flaw

    @property
    def title(self) -> str:
        """What the code says."""
        return MEANINGS[self.code].title

    @property
    def headers(self) -> dict[str, str]:
        """The challenge, where there is one (RFC 6750, 3)."""
        if self.code is CallerCode.SCOPE_INSUFFICIENT:
            return challenge(*self.wanted)
        if self.code in _ASKED:
            return {"WWW-Authenticate": CHALLENGE}
        if self.code not in _INVALID:
            return {}
        why = f', error_description="{self.flaw}"' if self.flaw else ""
        return {"WWW-Authenticate": f'{CHALLENGE}, error="invalid_token"{why}'}


def challenge(*wanted: Scope) -> dict[str, str]:
    """What to say of a token that lacks one of these scopes."""
    said = f'{CHALLENGE}, error="insufficient_scope", scope="{" ".join(wanted)}"'
    return {"WWW-Authenticate": said}
