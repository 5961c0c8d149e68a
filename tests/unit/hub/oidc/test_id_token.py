"""An id token is believed only if it is the one that was asked for; time is handed in."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest

from connectors.provider.errors import Flaw, TokenRefused
from connectors.provider.signed import LEEWAY
from hub.oidc.id_token import OLDEST, Expected, check
from tests.support.accounts import NOW

AT = int(NOW.timestamp())
EXPECTED = Expected("https://id.example", "kurze-wege", "the-nonce")
GOOD: Mapping[str, Any] = {
    "iss": "https://id.example",
    "aud": "kurze-wege",
    "sub": "9f1c",
    "nonce": "the-nonce",
    "iat": AT,
    "exp": AT + 300,
}
LEFT_OUT = object()


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"aud": ["kurze-wege"]},
        {"aud": ["kurze-wege", "other"], "azp": "kurze-wege"},
        {"azp": "kurze-wege"},
        {"exp": AT - 59},
        {"iat": AT + 59},
        {"nbf": AT + 59},
        {"iat": AT - 600.5},
        {"amr": ["pwd"]},
    ],
)
def test_believed(changes: Mapping[str, Any]) -> None:
    """The token that was asked for is believed, with a minute for clocks that differ."""
    check({**GOOD, **changes}, EXPECTED, NOW)


@pytest.mark.parametrize(
    ("changes", "flaw"),
    [
        ({"iss": "https://id.example/"}, Flaw.ISSUER),
        ({"iss": "https://evil.example"}, Flaw.ISSUER),
        ({"iss": LEFT_OUT}, Flaw.ISSUER),
        ({"iss": ["https://id.example"]}, Flaw.ISSUER),
        ({"aud": "other"}, Flaw.AUDIENCE),
        ({"aud": LEFT_OUT}, Flaw.AUDIENCE),
        ({"aud": []}, Flaw.AUDIENCE),
        ({"aud": {"kurze-wege": 1}}, Flaw.AUDIENCE),
        ({"aud": ["kurze-wege", "other"]}, Flaw.AUDIENCE),
        ({"aud": ["kurze-wege", "other"], "azp": "other"}, Flaw.AUDIENCE),
        ({"azp": "other"}, Flaw.AUDIENCE),
        ({"sub": LEFT_OUT}, Flaw.SUBJECT),
        ({"sub": ""}, Flaw.SUBJECT),
        ({"sub": 7}, Flaw.SUBJECT),
        ({"sub": "x" * 256}, Flaw.SUBJECT),
        ({"nonce": "another"}, Flaw.NONCE),
        ({"nonce": LEFT_OUT}, Flaw.NONCE),
        ({"nonce": None}, Flaw.NONCE),
        ({"exp": AT - 60}, Flaw.EXPIRED),
        ({"exp": LEFT_OUT}, Flaw.EXPIRED),
        ({"exp": "never"}, Flaw.EXPIRED),
        ({"exp": True}, Flaw.EXPIRED),
        ({"iat": LEFT_OUT}, Flaw.EXPIRED),
        ({"iat": AT - (OLDEST + LEEWAY).total_seconds() - 1}, Flaw.EXPIRED),
        ({"iat": AT + 61}, Flaw.NOT_YET),
        ({"nbf": AT + 61}, Flaw.NOT_YET),
        ({"nbf": "soon"}, Flaw.NOT_YET),
    ],
)
def test_refused(changes: Mapping[str, Any], flaw: Flaw) -> None:
    """One claim that is missing, another's, or of another time: refused, with what is wrong."""
    claims = {name: said for name, said in {**GOOD, **changes}.items() if said is not LEFT_OUT}
    with pytest.raises(TokenRefused) as refused:
        check(claims, EXPECTED, NOW)
    assert refused.value.flaw is flaw


@pytest.mark.parametrize(
    ("auth_time", "believed"),
    [(AT, True), (AT - 60, True), (AT - 61, False), (LEFT_OUT, False), ("now", False)],
)
def test_shown_anew(auth_time: object, *, believed: bool) -> None:
    """To unlock, the provider must have asked again since it was sent there."""
    claims = dict(GOOD) if auth_time is LEFT_OUT else {**GOOD, "auth_time": auth_time}
    expected = EXPECTED._replace(fresh_since=NOW)
    if believed:
        check(claims, expected, NOW + timedelta(seconds=5))
        return
    with pytest.raises(TokenRefused) as refused:
        check(claims, expected, NOW + timedelta(seconds=5))
    assert refused.value.flaw is Flaw.NOT_FRESH
