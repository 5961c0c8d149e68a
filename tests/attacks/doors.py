"""Attacks on everything that answers HTTP: its own application, behind what stands before all."""

import asyncio
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import Final
from urllib.parse import quote, urlencode

import httpx
from hypothesis import strategies as st
from starlette.types import ASGIApp

from connectors.http_api.app import create_app
from connectors.http_api.codes import STATUS
from connectors.http_api.mapping import Mode
from connectors.mailbox.app import create_app as create_mailbox
from connectors.mailbox.store import Store
from connectors.mailbox.upgrade import upgrade
from connectors.request_head import HeadCode, RequestHead
from connectors.sql.database import open_database
from hub.hsds.app import create_app as create_directory
from hub.hsds.options import Options as DirectoryOptions
from hub.hsds.query import PARAMETERS
from schemas.envelope import Context
from tests.attacks.decoders import silent
from tests.attacks.hostile import changed, header_values, in_json, raw, spoiled, texts
from tests.contract.subject_mailbox import ENTRANCE as MAILBOX_ENTRANCE
from tests.contract.subject_mailbox import TOKEN as MAILBOX_TOKEN
from tests.contract.subject_mailbox import mailbox_options
from tests.support.board import District
from tests.support.builders import NOW, an_offer
from tests.support.deliveries import AT
from tests.support.front_door import HERE as DESK
from tests.support.front_door import Door, FrontDoor, front_door
from tests.support.http_door import AUTHORISED, ENTRANCE, Remembered, an_event, door_options
from tests.support.letters_desk import LATE_DAY, board_door
from tests.support.offer_shelf import PLACES, Shelf

LONGEST: Final = 60_000
"""Of an address, in bytes: httpx asks for no longer one."""
METHODS: Final = ("GET", "GET", "POST", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "XYZ")
STEERING: Final = (
    *("authorization", "content-type", "content-encoding", "content-length", "accept", "cookie"),
    *("accept-language", "origin", "referer", "host", "x-forwarded-for", "expect", "range"),
    *("sec-fetch-site", "x-forwarded-host", "forwarded", "if-none-match", "upgrade", "x-any"),
)
WORDS: Final = (
    *("events", "trace", "docs", "healthz", "openapi.json", "mailbox", "kfb", "acknowledge"),
    *("services", "taxonomies", "taxonomy_terms", "inbox", "all", "cases", "R-2000", "login"),
    *("language", "de", "news", "figures", "record", "static", "pages.css", "refer", "offers"),
    *("..", ".", "", "{party}", "*"),
)
THERE: Final = (
    *("/inbox/all", "/inbox/mine", "/cases/R-2000", "/cases/R-1101/steps/completed", "/news/all"),
    *("/login", "/language/de", "/refer", "/record", "/figures", "/services", "/taxonomy_terms"),
    *("/mailbox/kfb", "/mailbox/kfb/kfb-0", "/events", "/docs", "/healthz", "/"),
    *("/dead/letters/referrals.dead/0/0", "/dead/letters/referrals.dead/0/0/replay", "/password"),
    *(f"/dead/letters/referrals.dead/{'9' * 5000}/0", "/dead/0123456789ab/discard"),
    *("/dead", "/dead/0123456789ab", "/states/STOP", "/metrics", "/snapshot", "/language/en"),
)
segments: Final = st.sampled_from(WORDS) | texts
Headers = list[tuple[bytes, bytes]]


class Site:
    """The applications, made once, with what they need."""

    def __init__(self, stack: ExitStack) -> None:
        """Make them in a folder of their own."""
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        self.published = Remembered()
        door = create_app(
            door_options(events_per_minute=10**6), self.published, ENTRANCE, time.monotonic
        )
        self.door = RequestHead(door)
        self.described = frozenset(door.openapi()["paths"]["/events"]["post"]["responses"])
        url = f"sqlite:///{folder / 'mailbox.sqlite'}"
        upgrade(url)
        store = stack.enter_context(_closed(Store(open_database(url))))
        stop = asyncio.Event()
        self.mailbox = RequestHead(
            create_mailbox(
                mailbox_options(),
                store,
                MAILBOX_ENTRANCE,
                lambda: AT,
                time.monotonic,
                stop,  # type: ignore[arg-type]
            )
        )
        shelf = Shelf(f"sqlite:///{folder / 'offers.sqlite'}").told(an_offer())
        found = stack.enter_context(shelf.directory())
        self.directory = RequestHead(
            create_directory(found, PLACES, lambda: NOW, DirectoryOptions())
        )
        district = District()
        district.polled()
        self.board = RequestHead(district.app())
        signed = stack.enter_context(board_door(folder, district, LATE_DAY))
        self.letters = RequestHead(signed.app)
        self.operator = asyncio.run(_signed_in(signed, "o.betrieb", "/dead"))
        self.office: FrontDoor = stack.enter_context(front_door(folder))
        self.desk = RequestHead(self.office.app)
        self.cookies, self.token = asyncio.run(_signed_in(self.office, "m.beispiel", "/refer"))


async def _signed_in(door: Door, name: str, address: str) -> tuple[str, str]:
    """Cookies and token of somebody who has signed in; the token as it stands on this page."""
    browser = await door.signed_in(name)
    await browser.open(address)
    jar = "; ".join(f"{one.name}={one.value}" for one in browser.client.cookies.jar)
    page = browser.page.text if browser.page else ""
    token = page.partition('name="csrf_token" value="')[2].partition('"')[0]
    return jar, token


@contextmanager
def _closed(store: Store) -> Iterator[Store]:
    yield store
    store.close()


_SITES: Final[list[Site]] = []
_OPEN: Final = ExitStack()


def site() -> Site:
    """The one of this process."""
    if not _SITES:
        _SITES.append(Site(_OPEN))
    return _SITES[0]


def close() -> None:
    """Let go of everything; the next attack makes it anew."""
    _SITES.clear()
    _OPEN.close()


def ask(app: ASGIApp, method: str, target: str, headers: Headers, body: bytes) -> httpx.Response:
    """The answer of an application; what it does not catch is raised."""
    url = httpx.URL(DESK).copy_with(raw_path=target.encode()[:LONGEST])  # as it is: `//` is no host

    async def one() -> httpx.Response:
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url=DESK) as client:
            return await client.request(method, url, headers=headers, content=body)

    return asyncio.run(one())


@st.composite
def targets(draw: st.DrawFn) -> str:
    """An address that is there, or nearly, with a query."""
    parts = [quote(one.encode("utf-8", "replace")) for one in draw(st.lists(segments, max_size=4))]
    path = draw(st.sampled_from(THERE)) if draw(st.booleans()) else f"/{'/'.join(parts)}"
    names = st.sampled_from(
        (*PARAMETERS, "after", "limit", "wait", "sort", "other", "next", "select")
    )
    numbers = st.sampled_from(("0000001" + "9" * 30, "9" * 5000, "٣", "-0", "1.0", "1e3"))
    asked = draw(st.lists(st.tuples(names | texts, numbers | texts), max_size=3))
    query = urlencode(
        [(a.encode("utf-8", "replace"), b.encode("utf-8", "replace")) for a, b in asked]
    )
    return f"{path}?{query}" if query else path


@st.composite
def steering(draw: st.DrawFn, usual: dict[str, str]) -> Headers:
    """The usual headers with hostile ones beside or instead of them."""
    odd = draw(st.lists(st.tuples(st.sampled_from(STEERING), header_values), max_size=3))
    replaced = {name for name, _ in odd} if draw(st.booleans()) else set()
    kept = [(k.lower(), v.encode()) for k, v in usual.items() if k.lower() not in replaced]
    return [(name.encode(), value) for name, value in kept + odd if name != "host" or value]


def check_api(answer: httpx.Response) -> None:
    """No fault of ours; a refusal has codes and repeats nothing."""
    assert answer.status_code < 500, answer.text
    silent(answer.headers)
    if answer.status_code < 400:
        return
    silent(answer.text)
    assert answer.headers["content-type"].startswith("application/problem+json"), answer.text
    if answer.content:  # there is none for HEAD
        assert answer.json()["type"]


def posted(mode: Mode, data: st.DataObject) -> None:
    """Events by HTTP: accepted and published, or refused with codes and not published."""
    here = site()
    here.published.calls.clear()
    said = {**AUTHORISED, "content-type": mode}
    event = data.draw(changed(an_event()))
    body = in_json([an_event("good"), event] if mode is Mode.BATCH else event)
    headers = data.draw(steering(said))
    if mode is Mode.BINARY:
        body = in_json(event.get("data"))
        names = st.sampled_from([f"ce-{name}" for name in Context.model_fields])
        kept = {
            f"ce-{k}": str(v).encode("ascii", "ignore")
            for k, v in an_event().items()
            if k != "data"
        }
        odd = data.draw(st.dictionaries(names, header_values, max_size=3))
        headers += [(name.encode(), value) for name, value in (kept | odd).items()]
    answer = ask(here.door, "POST", "/events", headers, data.draw(spoiled(body) | st.just(body)))
    check_api(answer)
    if answer.status_code == 202:
        assert [one["id"] for one in answer.json()["accepted"]] == here.published.ids
    else:
        assert here.published.ids == []
        codes = {str(code) for code in (*STATUS, *HeadCode)}
        said_codes = {one["code"] for one in answer.json()["problems"]}
        assert said_codes <= codes
        assert str(answer.status_code) in here.described or said_codes <= set(HeadCode)


def any_request(which: str, data: st.DataObject) -> None:
    """Any method at any address with any headers and any body: refused with a code."""
    here = site()
    app, token = {
        "door": (here.door, AUTHORISED["Authorization"]),
        "mailbox": (here.mailbox, f"Bearer {MAILBOX_TOKEN}"),
        "directory": (here.directory, ""),
    }[which]
    headers = data.draw(steering({"authorization": token} if token else {}))
    method = data.draw(st.sampled_from(METHODS))
    check_api(ask(app, method, data.draw(targets()), headers, data.draw(raw)))


def token(data: st.DataObject) -> None:
    """No token but one of ours opens a door."""
    here = site()
    shown = data.draw(header_values | st.sampled_from((b"Bearer", b"Bearer ", b"Basic Og==")))
    headers = [(b"authorization", b"Bearer " + shown if data.draw(st.booleans()) else shown)]
    headers *= data.draw(st.integers(1, 2))
    for app, target in ((here.door, "/events"), (here.mailbox, "/mailbox/kfb")):
        answer = ask(app, "POST" if app is here.door else "GET", target, headers, b"")
        check_api(answer)
        assert answer.status_code == 401


def desk(data: st.DataObject) -> None:
    """A clerk's pages, signed in or not: a page or a refusal, never a fault of ours."""
    here = site()
    usual = {"cookie": here.cookies} if data.draw(st.booleans()) else {}
    headers = data.draw(steering(usual))
    answer = ask(here.desk, data.draw(st.sampled_from(METHODS)), data.draw(targets()), headers, b"")
    _check_page(answer)


def board(data: st.DataObject) -> None:
    """The operations board and what is read beside it: a page or a refusal."""
    here, method = site(), data.draw(st.sampled_from(METHODS))
    app, cookies = data.draw(
        st.sampled_from([(here.board, ""), (here.letters, ""), (here.letters, here.operator[0])])
    )
    headers = data.draw(steering({"cookie": cookies} if cookies else {}))
    answer = ask(app, method, data.draw(targets()), headers, data.draw(raw))
    if b"polled_s_ago" not in answer.content:  # that is true: nobody polls while this goes on
        _check_page(answer)


FORMS: Final = (
    *("/login", "/password", "/claims", "/refer", "/offers/new", "/sign-out", "/session"),
    *("/cases/R-2000/claim", "/cases/R-2000/steps/accepted", "/cases/R-1101/steps/completed"),
)
FIELDS: Final = (
    *("name", "password", "next", "kept", "version", "form", "case", "select", "family_name"),
    *("given_names", "birth_date", "ags", "service", "urgency", "note", "reason", "outcome"),
    *(
        "per_second",
        "place",
        "day",
        "clock",
        "new_owner",
        "category",
        "description",
        "capacity",
        "csrf_token",
    ),
)


LETTER: Final = "/dead/letters/referrals.dead/0/0"
BOARD_FORMS: Final = (
    *("/login", "/password", "/logout", "/session", LETTER, f"{LETTER}/cover", f"{LETTER}/replay"),
    *(f"{LETTER}/discard", "/dead/0123456789ab/replay", f"/dead/runs/{'0' * 16}"),
)


def form(data: st.DataObject) -> None:
    """Any form of a clerk's with any fields: a page or a refusal, never a fault of ours."""
    here = site()
    _form(here.desk, here.cookies, here.token, FORMS, data)


def board_form(data: st.DataObject) -> None:
    """Any form of an operator's."""
    here = site()
    _form(here.letters, *here.operator, BOARD_FORMS, data)


def _form(
    app: ASGIApp, cookies: str, token: str, targets: Sequence[str], data: st.DataObject
) -> None:
    usual = {
        "origin": DESK,
        "sec-fetch-site": "same-origin",
        "cookie": cookies,
        "content-type": "application/x-www-form-urlencoded",
    }
    said = data.draw(st.dictionaries(st.sampled_from(FIELDS), texts, max_size=6))
    fields = {"csrf_token": token, "version": "1", "form": "0" * 32} | said
    body = urlencode([(k, v.encode("utf-8", "replace")) for k, v in fields.items()]).encode()
    headers = data.draw(
        steering(usual) | st.just([(k.encode(), v.encode()) for k, v in usual.items()])
    )
    target = data.draw(st.sampled_from(targets))
    if target in ("/login", "/sign-out", "/logout", "/password"):  # these end the session
        headers = [pair for pair in headers if pair[0] != b"cookie"]
    _check_page(ask(app, "POST", target, headers, data.draw(spoiled(body) | st.just(body))))


def _check_page(answer: httpx.Response) -> None:
    assert answer.status_code < 500, answer.text[:2000]
    silent(answer.headers.get("set-cookie", ""))
    for name, value in answer.headers.items():
        assert "\n" not in name + value
    where = answer.headers.get("location", "/")
    assert where.startswith("/")
    assert not where.startswith("//")


Attack = Callable[[st.DataObject], None]
ATTACKS: Final[dict[str, Attack]] = {
    "structured events": partial(posted, Mode.STRUCTURED),
    "batches": partial(posted, Mode.BATCH),
    "binary events": partial(posted, Mode.BINARY),
    "requests to the door": partial(any_request, "door"),
    "requests to the mailbox": partial(any_request, "mailbox"),
    "requests to the directory": partial(any_request, "directory"),
    "tokens": token,
    "pages": desk,
    "board": board,
    "forms": form,
    "board forms": board_form,
}
