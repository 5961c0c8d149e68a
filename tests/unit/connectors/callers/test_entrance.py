"""Who comes in, and what a caller who does not is told."""

from datetime import UTC, datetime, timedelta

import pytest
from starlette.requests import HTTPConnection

from connectors.callers.codes import MEANINGS, CallerCode
from connectors.callers.credentials import Credential, Credentials
from connectors.callers.entrance import Caller, Entrance, Rate
from connectors.callers.limits import Limits
from connectors.callers.refusal import NotAdmitted
from connectors.callers.scopes import ALL, Scope
from connectors.callers.tokens import digest
from tests.support.callers import entrance_of

NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)
KNOWN = (
    Credential(digest("all"), "kfb"),
    Credential(digest("trace"), "kfb", frozenset({Scope.TRACE})),
    Credential(digest("over"), "kfb", ALL, NOW),
    Credential(digest("soon-over"), "06432005", ALL, NOW + timedelta(seconds=1)),
)
ENTRANCE = entrance_of(*KNOWN, now=NOW)


def asking(*authorization: str) -> HTTPConnection:
    """A request with these headers."""
    headers = [(b"authorization", one.encode()) for one in authorization]
    return HTTPConnection({"type": "http", "headers": headers})


async def test_a_known_token_comes_in() -> None:
    """It is its party's, with its scopes."""
    assert await ENTRANCE.caller(asking("Bearer all"), Scope.SEND) == Caller("kfb", ALL)
    assert (await ENTRANCE.caller(asking("Bearer soon-over"), Scope.COLLECT)).party == "06432005"
    assert (await ENTRANCE.caller(asking("bearer trace"), Scope.TRACE)).scopes == {Scope.TRACE}


@pytest.mark.parametrize(
    ("shown", "code", "challenge"),
    [
        ((), "authorization-missing", ""),
        (("Bearer nobody",), "authorization-unknown", ', error="invalid_token"'),
        (("Bearer all", "Bearer all"), "authorization-unknown", ', error="invalid_token"'),
        (("Basic a2ZiOg==",), "authorization-unknown", ', error="invalid_token"'),
        (
            ("Bearer over",),
            "authorization-expired",
            ', error="invalid_token", error_description="expired"',
        ),
        (
            ("Bearer trace",),
            "scope-insufficient",
            ', error="insufficient_scope", scope="send:referrals"',
        ),
    ],
)
async def test_who_does_not_is_challenged(
    shown: tuple[str, ...], code: str, challenge: str
) -> None:
    """By a stable code and RFC 6750's own words."""
    with pytest.raises(NotAdmitted) as refused:
        await ENTRANCE.caller(asking(*shown), Scope.SEND_REFERRALS)

    assert refused.value.code == code
    assert refused.value.headers == {"WWW-Authenticate": f'Bearer realm="kurze-wege"{challenge}'}


def test_every_code_has_words() -> None:
    """Status and remedy of each code are there."""
    assert set(MEANINGS) == set(CallerCode)
    assert all(title.endswith(".") for _, title in MEANINGS.values())


async def code_of(entrance: Entrance, shown: str) -> str:
    """Why this is refused; empty if it is not."""
    try:
        await entrance.caller(asking(shown), Scope.SEND)
    except NotAdmitted as refused:
        return str(refused.code)
    return ""


async def test_one_party_uses_up_its_own_share_only() -> None:
    """Its next request waits as long as it is told; others come in, and it has its own clock."""
    clock = [0.0]
    rate = Rate(Limits(60, burst_s=2, others={"06432005": 120}), lambda: clock[0])
    known = Credentials(KNOWN)
    entrance = Entrance(lambda: known, lambda: NOW, rate=rate)

    async def times(shown: str) -> int:
        return [await code_of(entrance, shown) for _ in range(10)].index("rate-exceeded")

    assert (await times("Bearer all"), await times("Bearer soon-over")) == (2, 4)
    with pytest.raises(NotAdmitted) as refused:
        await entrance.caller(asking("Bearer all"), Scope.SEND)
    assert refused.value.retry_after_s == pytest.approx(1.0)
    assert refused.value.headers == {}
    clock[0] = 1.0
    assert (await times("Bearer all"), await times("Bearer soon-over")) == (1, 2)


async def test_who_is_not_known_uses_up_nobodys_share() -> None:
    """Requests without a good token are not counted to any party."""
    rate = Rate(Limits(1), lambda: 0.0)
    known = Credentials(KNOWN)
    entrance = Entrance(lambda: known, lambda: NOW, rate=rate)
    for _ in range(3):
        with pytest.raises(NotAdmitted, match="authorization"):
            await entrance.caller(asking("Bearer over"), Scope.SEND)

    assert await entrance.caller(asking("Bearer all"), Scope.SEND)
