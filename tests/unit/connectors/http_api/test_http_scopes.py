"""What a token is for is what it opens: event by event, and the trail beside."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from connectors.callers.credential_file import add_token, revoke
from connectors.callers.credentials import Credential
from connectors.callers.entrance import Entrance
from connectors.callers.scopes import ALL, Scope, Scopes
from connectors.callers.tokens import digest
from connectors.callers.watched_file import WatchedFile
from connectors.http_api.app import create_app
from tests.support.callers import entrance_of
from tests.support.http_door import EPPERTSHAUSEN, Remembered, an_event, door_options

REFERRALS = frozenset({Scope.SEND_REFERRALS})


def an_offer(event_id: str) -> dict[str, object]:
    """One that belongs to another topic."""
    return an_event(
        event_id, type="support-offer.withdrawn.v1", data={"reason": "no_longer_offered"}
    )


@contextmanager
def door(entrance: Entrance, publish: Remembered) -> Iterator[httpx.AsyncClient]:
    """A client of a door with this entrance."""
    app = create_app(door_options(), publish, entrance, lambda: 0.0)
    headers = {"authorization": "Bearer t", "content-type": "application/cloudevents-batch+json"}
    yield httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="http://door.invalid", headers=headers
    )


def holding(scopes: Scopes, until: datetime | None = None) -> Entrance:
    """It knows one token with these."""
    return entrance_of(Credential(digest("t"), EPPERTSHAUSEN, scopes, until))


async def test_each_event_needs_its_scope() -> None:
    """Of a batch none is published if one may not be sent; its place and the scope are named."""
    publish = Remembered()
    with door(holding(REFERRALS), publish) as client:
        good = await client.post("/events", json=[an_event("a")])
        bad = await client.post("/events", json=[an_event("b"), an_offer("c")])

    assert (good.status_code, bad.status_code) == (202, 403)
    [found] = [one for one in bad.json()["problems"] if one["code"] == "scope-insufficient"]
    assert (found["index"], found["field"]) == (1, "type")
    assert bad.headers["www-authenticate"] == (
        'Bearer realm="kurze-wege", error="insufficient_scope", scope="send:support-offers"'
    )
    assert publish.ids == ["a"]


@pytest.mark.parametrize(
    ("entrance", "status", "code"),
    [
        (holding(frozenset({Scope.TRACE, Scope.COLLECT})), 403, "scope-insufficient"),
        (holding(ALL, datetime.now(UTC) - timedelta(seconds=1)), 401, "authorization-expired"),
    ],
)
async def test_who_may_not_send_is_not_read(entrance: Entrance, status: int, code: str) -> None:
    """Before the body is looked at: it is nonsense, and nobody says so."""
    with door(entrance, Remembered()) as client:
        answer = await client.post("/events", content=b"nonsense")

    assert (answer.status_code, answer.json()["problems"][0]["code"]) == (status, code)
    assert answer.headers["content-type"] == "application/problem+json"


async def test_a_running_door_sees_the_file_change(tmp_path: Path) -> None:
    """A token that is made opens it, one that is revoked no longer does."""
    file = tmp_path / "tokens"
    file.write_text("# nobody yet\n")
    entrance = Entrance(WatchedFile({}, file, now).current, now)
    with door(entrance, Remembered()) as client:
        token = add_token(file, EPPERTSHAUSEN, ALL, now() + timedelta(days=1))
        shown = {"authorization": f"Bearer {token}"}
        answers = [await client.post("/events", json=[], headers=shown)]
        revoke(file, digest(token)[:8])
        answers.append(await client.post("/events", json=[], headers=shown))

    assert [one.status_code for one in answers] == [202, 401]


def now() -> datetime:
    """This moment."""
    return datetime.now(UTC)
