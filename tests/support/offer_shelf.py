"""A directory of offers for tests: a real database, what was delivered to it, and its readers."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from typing import Final

import httpx
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url
from starlette.types import ASGIApp

from connectors.base import Delivered
from connectors.sql.database import open_database
from hub.hsds.app import create_app
from hub.hsds.options import Options
from hub.place_file import load_places
from hub.stores.offers.directory import OfferDirectory
from hub.stores.offers.feed import OfferFeed
from hub.stores.offers.reading import open_for_reading
from hub.stores.offers.upgrade import upgrade
from schemas.codec import encode
from schemas.data import Data
from schemas.envelope import Event
from schemas.topics import delivery_topic
from tests.support.builders import KFB, NOW

PLACES: Final = load_places()
HERE: Final = "http://directory.invalid"
Clock = Callable[[], datetime]


def at_now() -> datetime:
    """When everything happens unless said otherwise."""
    return NOW


def copy_for(party: str, event: Event[Data]) -> Event[Data]:
    """The event as the hub delivers it to this party."""
    context = event.context.model_copy(
        update={
            "sender": event.context.source,
            "source": "//kurze-wege/hub/route-support-offer",
            "causationid": event.context.id,
            "recipient": party,
            "rule": "offer-to-jobcenter",
        }
    )
    return Event(context, event.data)


def delivered(offset: int, copy: Event[Data], party: str = KFB) -> Delivered:
    """A party's copy at this offset of its topic."""
    return Delivered(party, delivery_topic(party).name, 0, offset, 0, encode(copy))


class _InThisProcess(httpx.BaseTransport):
    """Asks an application without a server between, one request at a time."""

    def __init__(self, app: ASGIApp) -> None:
        """Ask this one."""
        self._transport = httpx.ASGITransport(app)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """The whole answer."""
        return asyncio.run(self._asked(request))

    async def _asked(self, request: httpx.Request) -> httpx.Response:
        answer = await self._transport.handle_async_request(request)
        content = await answer.aread()
        return httpx.Response(answer.status_code, headers=answer.headers, content=content)


class Shelf:
    """A database with the newest tables, and nothing in them yet."""

    def __init__(self, url: str) -> None:
        """Use the database at `url`."""
        upgrade(url)
        self.url = url
        self.offset = 0

    @contextmanager
    def feed(self, now: Clock = at_now) -> Iterator[OfferFeed]:
        """A sink to it."""
        with closing(OfferFeed(open_database(self.url), now)) as sink:
            yield sink

    def told(self, *events: Event[Data], party: str = KFB, now: Clock = at_now) -> "Shelf":
        """After these were delivered to this party, one after the other."""
        return self.given(*(copy_for(party, event) for event in events), party=party, now=now)

    def given(self, *copies: Event[Data], party: str = KFB, now: Clock = at_now) -> "Shelf":
        """After this party was given these copies, one after the other."""
        with self.feed(now) as sink:
            sink.write([delivered(self.offset + n, copy, party) for n, copy in enumerate(copies)])
            self.offset += len(copies)
        return self

    @contextmanager
    def directory(self) -> Iterator[OfferDirectory]:
        """A reader of it."""
        with closing(OfferDirectory(open_for_reading(self.url))) as made:
            yield made

    @contextmanager
    def client(self, now: Clock = at_now, **options: object) -> Iterator[httpx.Client]:
        """Somebody who asks the application, without a server between."""
        with self.directory() as directory:
            app = create_app(directory, PLACES, now, Options.model_validate(options))
            with httpx.Client(transport=_InThisProcess(app), base_url=HERE) as client:
                yield client

    def count(self, table: str) -> int:
        """How many rows a table has, asked without our code."""
        engine = create_engine(make_url(self.url))
        try:
            with engine.connect() as connection:
                number: int = connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one()  # noqa: S608
                return number
        finally:
            engine.dispose()
