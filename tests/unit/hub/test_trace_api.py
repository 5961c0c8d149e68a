"""The trail by HTTP: with a token, for who has part in it, as the command prints it."""

from collections.abc import Sequence
from datetime import datetime

import httpx
import pytest
from fastapi import FastAPI

from connectors.callers.credentials import Credential
from connectors.callers.scopes import Scope
from connectors.callers.tokens import digest
from connectors.errors import Later
from hub.party_file import load_parties
from hub.trace_api import trace_router
from hub.trail.offices import Offices
from hub.trail.sight import seen_by
from hub.trail.trail import Trail, trail_of
from hub.trail.wording import plain
from tests.support.callers import entrance_of
from tests.support.ledger_lines import EPPERTSHAUSEN, KFB, a_copy, a_line, at

OFFICES = Offices(load_parties())
NOW: datetime = at("2026-03-04 09:00")
LINES = [a_line(event_id="e-1", written=(a_copy(KFB, "referral.requested", event_id="d-1"),))]
ENTRANCE = entrance_of(
    Credential(digest("token-kfb"), KFB),
    Credential(digest("token-dieburg"), "06432004"),
    Credential(digest("token-collects"), KFB, frozenset({Scope.COLLECT})),
)


def trace(wanted: str, party: str) -> Sequence[Trail]:
    """One case is known; the database is away for another."""
    if wanted == "away":
        raise Later(7, "away")
    lines = seen_by(party, LINES) if wanted in {"case-1", "e-1", "d-1"} else []
    return [trail_of(lines, NOW, OFFICES, {}, {wanted})] if lines else []


@pytest.fixture
def client() -> httpx.AsyncClient:
    """A client of the router."""
    app = FastAPI()
    app.include_router(trace_router(trace, ENTRANCE))
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://hub.test")


def bearing(token: str) -> dict[str, str]:
    """The header with this token."""
    return {"Authorization": f"Bearer {token}"}


@pytest.mark.parametrize("wanted", ["case-1", "e-1", "d-1"])
async def test_a_participant_gets_the_trail(client: httpx.AsyncClient, wanted: str) -> None:
    """By any id of it, with the same JSON as the command."""
    answer = await client.get(f"/trace/{wanted}", headers=bearing("token-kfb"))
    assert answer.status_code == 200
    assert answer.json() == {"trails": [plain(trail) for trail in trace(wanted, KFB)]}
    assert answer.json()["trails"][0]["steps"][0]["party"] == EPPERTSHAUSEN


async def test_unknown_and_not_ones_own_are_alike(client: httpx.AsyncClient) -> None:
    """Nobody can tell a case of others from one that does not exist."""
    unknown = await client.get("/trace/case-2", headers=bearing("token-kfb"))
    foreign = await client.get("/trace/case-1", headers=bearing("token-dieburg"))
    strange = await client.get("/trace/%27%20OR%201=1", headers=bearing("token-kfb"))
    assert unknown.status_code == foreign.status_code == strange.status_code == 404
    assert unknown.content == foreign.content == strange.content
    assert unknown.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("headers", "status", "code"),
    [
        ({}, 401, "authorization-missing"),
        (bearing("token-nobody"), 401, "authorization-unknown"),
        ({"Authorization": "Basic a2ZiOmtmYg=="}, 401, "authorization-unknown"),
        (bearing("token-collects"), 403, "scope-insufficient"),
    ],
)
async def test_no_token_no_trail(
    client: httpx.AsyncClient, headers: dict[str, str], status: int, code: str
) -> None:
    """Without a known token there is a challenge and nothing else."""
    answer = await client.get("/trace/case-1", headers=headers)
    assert answer.status_code == status
    assert answer.json()["problems"][0]["code"] == code
    assert answer.headers["www-authenticate"].startswith("Bearer")


async def test_database_away(client: httpx.AsyncClient) -> None:
    """Later is said with when to come again."""
    answer = await client.get("/trace/away", headers=bearing("token-kfb"))
    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "7"
