"""What a town hall finds when it calls for its deliveries."""

import asyncio
import json
import logging
import select
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import httpx
import pytest
from cloudevents.core.bindings.http import HTTPMessage, from_structured_event
from pydantic import ValidationError
from structlog.testing import capture_logs

from connectors.mailbox.codes import MEANINGS
from connectors.mailbox.options import Options
from connectors.mailbox.store import Store
from connectors.mailbox.upkeep import Upkeep
from tests.contract.subject_mailbox import (
    OTHER,
    OTHER_TOKEN,
    SENDING_TOKEN,
    TOKEN,
    OnSqlite,
    a_running_mailbox,
    client_of,
    mailbox_options,
)
from tests.support.deliveries import AT, FAMILY_NAME, PARTY, referral
from tests.support.waiting import until

HERE = f"/mailbox/{PARTY}"


@pytest.fixture
def tables(tmp_path: Path) -> Iterator[OnSqlite]:
    """Empty mailboxes."""
    made = OnSqlite(f"sqlite:///{tmp_path / 'mailbox.sqlite'}")
    yield made
    made.engine.dispose()


@pytest.fixture
def store(tables: OnSqlite) -> Iterator[Store]:
    """The same as the application has them."""
    with closing(tables.store()) as made:
        yield made


def ids(answer: httpx.Response) -> list[str]:
    """The ids in a list."""
    assert answer.status_code == 200, answer.text
    return [item["id"] for item in answer.json()["items"]]


def code(answer: httpx.Response) -> str:
    """The code of a refusal, which is problem details throughout."""
    assert answer.headers["content-type"] == "application/problem+json"
    said = answer.json()
    assert said["status"] == answer.status_code
    assert said["type"] == f"urn:kurze-wege:problem:{said['problems'][0]['code']}"
    found: str = said["problems"][0]["code"]
    return found


async def test_collect_and_acknowledge(tables: OnSqlite, store: Store) -> None:
    """List, fetch, acknowledge: an item is there until it is acknowledged, and then it is not."""
    tables.fill(range(3))
    async with client_of(store) as client:
        assert ids(await client.get(HERE)) == ["kfb-0", "kfb-1", "kfb-2"]
        for name in ("kfb-0", "kfb-1"):
            assert (await client.get(f"{HERE}/{name}")).status_code == 200
            answer = await client.post(f"{HERE}/{name}/acknowledge")
            assert (answer.status_code, answer.content) == (204, b"")
        assert ids(await client.get(HERE)) == ["kfb-2"]
        assert (await client.post(f"{HERE}/kfb-1/acknowledge")).status_code == 204
        answer = await client.get(f"{HERE}/kfb-1")
        assert (answer.status_code, code(answer)) == (410, "item-acknowledged")


async def test_what_the_list_says(tables: OnSqlite, store: Store) -> None:
    """Of each item id, type, case and times, and whether it was fetched; nothing of its content."""
    tables.fill(range(2))
    async with client_of(store) as client:
        await client.get(f"{HERE}/kfb-1")
        answer = await client.get(HERE)
    assert answer.json() == {
        "items": [
            {
                "id": f"kfb-{n}",
                "type": "referral.requested.v1",
                "subject": f"case-{n}",
                "time": "2026-11-02T09:30:00Z",
                "received_at": "2026-11-02T09:30:00Z",
                "collected": n == 1,
            }
            for n in range(2)
        ]
    }
    assert FAMILY_NAME not in answer.text


async def test_the_content_is_a_cloudevent(tables: OnSqlite, store: Store) -> None:
    """An independent reader reads it, and its data are those of the delivery."""
    tables.fill(range(1))
    async with client_of(store) as client:
        answer = await client.get(f"{HERE}/kfb-0")
    assert answer.headers["content-type"] == "application/cloudevents+json; charset=UTF-8"
    event = from_structured_event(HTTPMessage(dict(answer.headers), answer.content))
    given = referral("kfb-0", "case-0", recipient=PARTY)
    assert (event.get_id(), event.get_subject()) == ("kfb-0", "case-0")
    assert event.get_data() == given.data.model_dump(mode="json", exclude_none=True)


async def test_pages(tables: OnSqlite, store: Store) -> None:
    """Page by page every item comes once, also while items are acknowledged on the way."""
    tables.fill(range(25))
    async with client_of(store) as client:
        found: list[str] = []
        where: dict[str, str] = {}
        while True:
            answer = await client.get(HERE, params={"limit": "10", **where})
            found += ids(answer)
            for name in ids(answer)[::2]:
                await client.get(f"{HERE}/{name}")
                await client.post(f"{HERE}/{name}/acknowledge")
            if "next" not in answer.json():
                break
            where = {"after": answer.json()["next"]}
        assert found == [f"kfb-{n}" for n in range(25)]
        assert len(ids(await client.get(HERE))) == 12


@pytest.mark.parametrize(
    "query",
    ["limit=0", "limit=501", "limit=ten", "limit=-1", "after=-1", "after=x", "wait=61", "wait=1.5",
     "limit=5&limit=6", "after=99999999999999999999", "wait=%C2%B2", "limit="],
)  # fmt: skip
async def test_parameters(store: Store, query: str) -> None:
    """What is no whole number within its bounds is refused, and not repeated."""
    async with client_of(store) as client:
        answer = await client.get(f"{HERE}?{query}")
    assert (answer.status_code, code(answer)) == (400, "parameter-invalid")
    assert answer.json()["problems"][0]["field"] == query.partition("=")[0]


async def test_whose_mailbox(tables: OnSqlite, store: Store) -> None:
    """Only the party itself gets in; nobody else learns what is there."""
    tables.fill(range(1))
    tables.fill(range(1), party="06432004")
    attempts = {
        None: (401, "authorization-missing"),
        "Bearer unknown": (401, "authorization-unknown"),
        f"Basic {TOKEN}": (401, "authorization-unknown"),
        f"Bearer {OTHER_TOKEN}": (403, "mailbox-not-yours"),
        f"Bearer {SENDING_TOKEN}": (403, "scope-insufficient"),
    }
    async with client_of(store) as client:
        del client.headers["Authorization"]
        for path in (HERE, f"{HERE}/kfb-0", f"{HERE}/nothing", "/mailbox/06432004"):
            for shown, expected in attempts.items():
                headers = {"Authorization": shown} if shown else {}
                answer = await client.get(path, headers=headers)
                assert (answer.status_code, code(answer)) == expected
                answer = await client.post(f"{HERE}/kfb-0/acknowledge", headers=headers)
                assert (answer.status_code, code(answer)) == expected
        twice = [("Authorization", f"Bearer {TOKEN}"), ("Authorization", f"Bearer {OTHER_TOKEN}")]
        assert (await client.get(HERE, headers=twice)).status_code == 401


async def test_a_party_that_is_not_served(store: Store) -> None:
    """A token of a party that has no mailbox here opens none."""
    async with client_of(store, parties=[OTHER]) as client:
        answer = await client.get(HERE)
    assert (answer.status_code, code(answer)) == (403, "mailbox-not-yours")


async def test_items_that_are_not_there(tables: OnSqlite, store: Store) -> None:
    """An unknown item is unknown, another party's too; and no name does harm."""
    tables.fill(range(1), party=OTHER)
    async with client_of(store) as client:
        for name in ("nothing", f"{OTHER}-0", "%27%3B--", "x" * 2000, "%00", "..%2f", "ä"):
            for answer in (
                await client.get(f"{HERE}/{name}"),
                await client.post(f"{HERE}/{name}/acknowledge"),
            ):
                assert (answer.status_code, code(answer)) in [
                    (404, "item-unknown"),
                    (404, "not-found"),
                ]


async def test_acknowledged_unread(tables: OnSqlite, store: Store) -> None:
    """What was never fetched cannot be acknowledged: it would be lost."""
    tables.fill(range(1))
    async with client_of(store) as client:
        answer = await client.post(f"{HERE}/kfb-0/acknowledge")
        assert (answer.status_code, code(answer)) == (409, "item-not-collected")
        answer = await client.head(f"{HERE}/kfb-0")
        assert answer.status_code == 405
        assert (await client.post(f"{HERE}/kfb-0/acknowledge")).status_code == 409
        assert ids(await client.get(HERE)) == ["kfb-0"]


async def test_nothing_is_kept_of_what_was_acknowledged(tables: OnSqlite, store: Store) -> None:
    """An acknowledged item leaves its id and its times; they are forgotten when theirs is over."""
    tables.fill(range(2))
    async with client_of(store) as client:
        await client.get(f"{HERE}/kfb-0")
        await client.post(f"{HERE}/kfb-0/acknowledge")
    bodies = tables.run("SELECT event_id, body IS NULL FROM mailbox_items ORDER BY number")
    assert bodies == [("kfb-0", 1), ("kfb-1", 0)]
    now = AT
    upkeep = Upkeep(store, mailbox_options(expire_days=30, keep_days=90), lambda: now)
    upkeep.step()
    assert tables.run("SELECT count(body) FROM mailbox_items") == [(1,)]
    now = AT + timedelta(days=31)
    with capture_logs() as logs:
        upkeep.step()
        upkeep.step()
    assert [(line["event"], line["log_level"]) for line in logs] == [
        ("mailbox_items_expired", "error")
    ]
    async with client_of(store) as client:
        answer = await client.get(f"{HERE}/kfb-1")
        assert (answer.status_code, code(answer)) == (410, "item-expired")
        answer = await client.post(f"{HERE}/kfb-1/acknowledge")
        assert (answer.status_code, code(answer)) == (410, "item-expired")
        assert ids(await client.get(HERE)) == []
    now = AT + timedelta(days=122)
    upkeep.step()
    assert tables.run("SELECT count(*) FROM mailbox_items") == [(0,)]


async def test_the_database_is_away(tables: OnSqlite, store: Store) -> None:
    """While the database does not answer the town hall is told when to come again."""
    tables.fill(range(1))
    async with client_of(store) as client:
        with tables.away():
            answers = await asyncio.gather(
                client.get(f"{HERE}/kfb-0"), client.post(f"{HERE}/kfb-0/acknowledge")
            )
        for answer in answers:
            assert (answer.status_code, code(answer)) == (503, "database-away")
            assert int(answer.headers["Retry-After"]) >= 1
        assert (await client.get(f"{HERE}/kfb-0")).status_code == 200


async def test_waiting_for_something_new(tables: OnSqlite, store: Store) -> None:
    """A request that waits is answered as soon as something comes, and not before."""
    async with client_of(store) as client:
        waiting = asyncio.create_task(client.get(f"{HERE}?wait=60", timeout=60))
        assert not (await asyncio.wait({waiting}, timeout=0.7))[0]
        await asyncio.to_thread(tables.fill, range(1), AT, OTHER)
        assert not (await asyncio.wait({waiting}, timeout=0.7))[0]
        await asyncio.to_thread(tables.fill, range(2))
        begun = time.monotonic()
        assert ids(await waiting) == ["kfb-0", "kfb-1"]
        assert time.monotonic() - begun < 10
        assert ids(await client.get(f"{HERE}?wait=60")) == ["kfb-0", "kfb-1"]


@pytest.mark.parametrize("bound", ["max_waiting", "max_waiting_per_party"])
async def test_waiting_in_vain(store: Store, bound: str) -> None:
    """When nothing comes the list is empty after the time; above a bound it is so at once."""
    async with client_of(store, lambda: AT, **{bound: 1}) as client:
        begun = time.monotonic()
        slow, fast = (asyncio.create_task(client.get(f"{HERE}?wait=2")) for _ in range(2))
        done, _ = await asyncio.wait({slow, fast}, return_when=asyncio.FIRST_COMPLETED)
        assert time.monotonic() - begun < 1.5
        assert ids(done.pop().result()) == []
        assert ids(await slow) == ids(await fast) == []
        assert time.monotonic() - begun >= 2


def test_closing_does_not_wait_for_those_who_wait(store: Store) -> None:
    """Told to stop, the mailbox answers whoever waits for something new, and closes."""
    with a_running_mailbox(store) as (port, stop):
        answers: list[Any] = []

        def wait() -> None:
            connection = HTTPConnection("127.0.0.1", port, timeout=60)
            connection.request("GET", f"{HERE}?wait=50", headers=_AUTHORISED)
            answers.append(json.loads(connection.getresponse().read()))
            connection.close()

        waiting = threading.Thread(target=wait)
        waiting.start()
        waiting.join(1)
        assert waiting.is_alive()
        begun = time.monotonic()
        stop.set()
        waiting.join(20)
    assert answers == [{"items": []}]
    assert time.monotonic() - begun < 15


def test_a_client_that_hangs_up_gives_its_place_back(store: Store) -> None:
    """Whoever waits and hangs up no longer counts among those who wait."""
    with a_running_mailbox(store, max_waiting=1) as (port, _):

        def may_wait() -> bool:
            begun = time.monotonic()
            with closing(HTTPConnection("127.0.0.1", port, timeout=60)) as second:
                second.request("GET", f"{HERE}?wait=1", headers=_AUTHORISED)
                second.getresponse().read()
            return time.monotonic() - begun >= 1

        with closing(HTTPConnection("127.0.0.1", port, timeout=60)) as first:
            first.request("GET", f"{HERE}?wait=50", headers=_AUTHORISED)

            def waits() -> bool:
                """The first waits; if the second came before it, it was answered and asks again."""
                if select.select([first.sock], [], [], 0)[0]:
                    first.getresponse().read()
                    first.request("GET", f"{HERE}?wait=50", headers=_AUTHORISED)
                return not may_wait()

            until(waits, 60)
        until(may_wait, 60)


@pytest.mark.parametrize(
    ("method", "path", "expected"),
    [
        ("GET", "/healthz", 200),
        ("GET", "/", 404),
        ("GET", "/mailbox", 404),
        ("GET", f"{HERE}/", 404),
        ("GET", f"{HERE}/kfb-0/acknowledge", 405),
        ("DELETE", f"{HERE}/kfb-0", 405),
        ("POST", HERE, 405),
        ("HEAD", HERE, 405),
    ],
)
async def test_addresses(store: Store, method: str, path: str, expected: int) -> None:
    """What is not offered is said to be so, and every answer has safe headers."""
    async with client_of(store) as client:
        answer = await client.request(method, path)
    assert answer.status_code == expected
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "no-store"
    assert "default-src 'none'" in answer.headers["content-security-policy"]


async def test_what_is_logged(tables: OnSqlite, store: Store) -> None:
    """One line for each request: who, what, which item, how it ended; no content, no token."""
    tables.fill(range(1))
    with capture_logs() as logs:
        async with client_of(store) as client:
            await client.get(f"{HERE}?after=0&name={FAMILY_NAME}")
            await client.get(f"{HERE}/kfb-0")
            await client.get(f"{HERE}/{FAMILY_NAME}")
            await client.post(f"{HERE}/kfb-0/acknowledge", content=FAMILY_NAME)
    said = [(one["what"], one["party"], one["item"], one["status"], one["code"]) for one in logs]
    assert said == [
        ("list", PARTY, None, 200, None),
        ("collect", PARTY, "kfb-0", 200, None),
        ("collect", PARTY, None, 404, "item-unknown"),
        ("acknowledge", PARTY, "kfb-0", 204, None),
    ]
    assert FAMILY_NAME not in str(logs)
    assert TOKEN not in str(logs)


async def test_a_fault_of_ours_keeps_its_message(
    store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    """A fault inside is answered 500 without its words, and logged by kind and place."""

    def broken(*_: object) -> None:
        raise KeyError(FAMILY_NAME)

    store.listed = broken  # type: ignore[assignment,method-assign]
    with capture_logs() as logs, caplog.at_level(logging.DEBUG):
        async with client_of(store) as client:
            answer = await client.get(HERE)
    assert (answer.status_code, code(answer)) == (500, "fault-of-ours")
    assert FAMILY_NAME not in answer.text + str(logs) + caplog.text
    assert [line["event"] for line in logs] == ["mailbox_fault", "mailbox_request"]


@pytest.mark.parametrize(
    "given",
    [
        {"host": "0.0.0.1"},
        {"host": "mailbox.example"},
        {"tokens": {TOKEN: "kfb"}},
        {"database": "mysql://x"},
        {"tls_key": "key.pem"},
        {"parties": ["Eppertshausen!"]},
    ],
)
def test_settings_that_cannot_be_meant(given: dict[str, object]) -> None:
    """They are refused, and a token in the wrong place is not repeated."""
    with pytest.raises(ValidationError) as said:
        Options.model_validate(given)
    assert TOKEN not in str(said.value)


def test_every_code_has_its_words() -> None:
    """Each code says what to do, in one sentence."""
    assert all(meaning.title.endswith(".") for meaning in MEANINGS.values())
    assert len({meaning.title for meaning in MEANINGS.values()}) == len(MEANINGS)


_AUTHORISED = {"Authorization": f"Bearer {TOKEN}"}
