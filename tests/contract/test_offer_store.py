"""The offers' store keeps what was delivered, exactly once, on each database."""

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from datetime import datetime, timedelta
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any, Final

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import create_engine
from sqlalchemy.engine import make_url

from connectors.base import Delivered, Sink
from connectors.errors import Broken, Later
from connectors.sql.database import open_database
from hub.domain.offers import Offer, after
from hub.hsds import ids
from hub.hsds.directory import Listed, Wish
from hub.hsds.problems import Away
from hub.stores.offers.directory import OfferDirectory
from hub.stores.offers.feed import OfferFeed
from hub.stores.offers.reading import open_for_reading
from hub.stores.offers.tables import metadata
from hub.stores.offers.upgrade import STEPS, upgrade
from schemas.codec import Record, encode
from schemas.data import Data
from schemas.envelope import Event
from schemas.events.support_offer_capacity_changed import SupportOfferCapacityChanged
from schemas.events.support_offer_published import SupportOfferPublished
from schemas.events.support_offer_withdrawn import SupportOfferWithdrawn
from schemas.topics import delivery_topic
from tests.support import strategies
from tests.support.builders import (
    DIEBURG,
    EPPERTSHAUSEN,
    KFB,
    NOW,
    WEITERSTADT,
    a_capacity,
    a_lowered_capacity,
    a_referral,
    a_withdrawn_offer,
    an_offer,
)
from tests.support.offer_shelf import Shelf, at_now, copy_for, delivered
from tests.support.postgres import Postgres

HOUR: Final = timedelta(hours=1)
TOPIC: Final = delivery_topic(KFB).name
OFFER_1: Final = ids.service_id(EPPERTSHAUSEN, "offer-1")


class OnSqlite(Shelf):
    """The store on SQLite."""

    @contextmanager
    def away(self) -> Iterator[None]:
        """Somebody holds the file's lock for longer than anybody waits."""
        engine = create_engine(make_url(self.url))
        with engine.connect() as connection:
            connection.exec_driver_sql("BEGIN EXCLUSIVE")
            yield
            connection.rollback()
        engine.dispose()


class OnPostgres(Shelf):
    """The store on PostgreSQL."""

    def __init__(self, server: Postgres) -> None:
        """Use a new database of the server."""
        super().__init__(server.new_database())
        self._server = server

    @contextmanager
    def away(self) -> Iterator[None]:
        """The server has crashed."""
        self._server.stop()
        yield
        self._server.start()


Store = OnSqlite | OnPostgres


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    """A store on each database, with nothing kept yet."""
    if request.param == "postgres":
        return OnPostgres(request.getfixturevalue("postgres"))
    return OnSqlite(f"sqlite:///{tmp_path / 'not' / 'there' / 'offers.sqlite'}")


def listed(store: Shelf, listed_id: str = OFFER_1) -> Listed | None:
    """An offer as it stands now."""
    with store.directory() as directory:
        return directory.one(listed_id)


def available(store: Shelf) -> int | None:
    """The places shown of the usual offer."""
    found = listed(store)
    assert found is not None
    return None if found.offer.shown is None else found.offer.shown.available


def everything(store: Shelf, now: datetime = NOW) -> list[Listed]:
    """All there is."""
    with store.directory() as directory:
        found = directory.find(Wish(), now, 0, 10_000)
        assert found.total == len(found.listed)
        return list(found.listed)


def test_story_of_an_offer(store: Store) -> None:
    """Published, counted, published again, withdrawn: it stands as it was said last."""
    store.told(an_offer())
    assert available(store) is None
    store.told(a_capacity())
    assert available(store) == 3
    store.told(an_offer(name="Sprachtreff", languages=["fa"], service_area=[WEITERSTADT]))
    found = listed(store)
    assert found is not None
    assert found.said.name == found.offer.name == "Sprachtreff"
    assert found.offer.shown is None
    with store.directory() as directory:
        for wish, total in (
            (Wish(area=WEITERSTADT), 1),
            (Wish(area=DIEBURG), 0),
            (Wish(languages=frozenset({"fa"})), 1),
            (Wish(words=("sprachtreff",)), 1),
            (Wish(words=("sprachcafé",)), 0),
        ):
            assert directory.find(wish, NOW, 0, 9).total == total
    store.told(a_withdrawn_offer())
    found = listed(store)
    assert found is not None
    assert found.offer.withdrawn


def test_changes_are_dated(store: Store) -> None:
    """To the millisecond, by the clock that is given; said again, nothing has changed."""
    exact = NOW + timedelta(microseconds=123_999)
    store.told(an_offer(), now=lambda: exact)
    first = listed(store)
    assert first is not None
    assert first.changed_at == NOW + timedelta(milliseconds=123)
    store.told(an_offer(), now=lambda: NOW + HOUR)
    assert listed(store) == first
    store.told(a_capacity(), now=lambda: NOW - HOUR)
    counted = listed(store)
    assert counted is not None
    assert counted.changed_at == first.changed_at, "a clock that goes back makes nothing younger"


def test_turned_away(store: Store) -> None:
    """A referral turned away shows no places until the provider counts again."""
    store.told(an_offer(), a_capacity())
    store.told(a_lowered_capacity(), a_lowered_capacity(on="none"), now=lambda: NOW + HOUR)
    assert available(store) == 0
    assert everything(store)[0].changed_at == NOW + HOUR
    store.told(a_capacity(at=NOW + 2 * HOUR, capacity={"updated": NOW + 2 * HOUR}))
    assert available(store) == 3


def test_another_partys_deliveries(store: Store) -> None:
    """An offer follows the party that was sent it first; who is behind brings nothing back."""
    store.told(an_offer(), a_capacity())
    late = Shelf(store.url)
    late.told(an_offer(), an_offer(on="offer-2"), party=DIEBURG)
    assert available(store) == 3
    assert len(everything(store)) == 2
    store.told(an_offer(on="offer-2", name="Anders"))
    assert {each.said.name for each in everything(store)} == {"Sprachcafé"}


def test_public_only(store: Store) -> None:
    """What is not public is not kept, and what is no longer public is forgotten at once."""
    store.told(an_offer(dataclassification="internal"))
    assert everything(store) == []
    store.told(an_offer(), a_capacity(dataclassification="social"))
    assert everything(store) == []
    store.told(an_offer(), an_offer(dataclassification="internal"), a_capacity())
    assert everything(store) == []
    assert store.count("directory_areas") == store.count("directory_languages") == 0
    store.told(an_offer())
    assert len(everything(store)) == 1


def test_nothing_about_people(store: Store) -> None:
    """All else that is delivered to the party leaves nothing but a position."""
    store.told(a_referral(), an_offer(), a_referral())
    assert store.count("directory_offers") == 1
    with store.feed() as sink:
        assert sink.positions([TOPIC]) == {(TOPIC, 0): 3}


@pytest.mark.parametrize(
    "record",
    [
        Record(b"offer-1", b"\xff", (("ce_type", b"support-offer.published.v1"),)),
        Record(None, None, ()),
        Record(b"x", b"{}", (("ce_type", b"\xfe"), ("odd", b"\xfe"))),
    ],
    ids=["offer", "nothing", "bytes"],
)
def test_unreadable(store: Store, record: Record) -> None:
    """What cannot be read stops nothing."""
    with store.feed() as sink:
        sink.write(
            [Delivered(KFB, TOPIC, 0, 0, 0, record), delivered(1, copy_for(KFB, an_offer()))]
        )
        assert sink.positions([TOPIC]) == {(TOPIC, 0): 2}
    assert len(everything(store)) == 1


def offers(offsets: range) -> list[Delivered]:
    """An offer of its own at each offset, each with so many places."""
    return [
        delivered(n, copy_for(KFB, an_offer(on=f"offer-{n}", capacity=_places(n)))) for n in offsets
    ]


def _places(number: int) -> dict[str, object]:
    return {"status": "capacity", "available": number, "updated": NOW}


def test_handed_in_again(store: Store) -> None:
    """A batch handed in again changes nothing, to the same sink or to another."""
    with store.feed() as sink, store.feed() as another:
        sink.write(offers(range(4)))
        first = everything(store)
        sink.write(offers(range(4)))
        another.write(offers(range(2, 4)))
        assert everything(store) == first
        another.write(offers(range(3, 6)))
        sink.write(offers(range(5, 7)))
        assert sink.positions([TOPIC]) == another.positions([TOPIC]) == {(TOPIC, 0): 7}
    assert len(everything(store)) == 7


def test_old_news(store: Store) -> None:
    """What was said first and is handed in again does not undo what was said since."""
    first = delivered(0, copy_for(KFB, an_offer()))
    with store.feed() as sink, store.feed() as another:
        sink.write([first, delivered(1, copy_for(KFB, a_capacity()))])
        for each in (sink, another):
            each.write([first])
            assert available(store) == 3


def test_all_or_none(store: Store) -> None:
    """A write that fails in the middle keeps neither offers nor position."""
    times = iter([NOW])
    with store.feed(lambda: next(times)) as failing, pytest.raises(StopIteration):
        failing.write(offers(range(3)))
    assert everything(store) == []
    with store.feed() as sink:
        assert sink.positions([TOPIC]) == {}


def test_set_back(store: Store) -> None:
    """A sink does not go on when the database fell behind what it had kept."""
    with store.feed() as sink:
        sink.write(offers(range(5)))
        for trouble in (
            "UPDATE directory_positions SET next_offset = 3",
            "DELETE FROM directory_positions",
        ):
            engine = create_engine(make_url(store.url).set(drivername=_driver(store)))
            with engine.begin() as connection:
                connection.exec_driver_sql(trouble)
            engine.dispose()
            with pytest.raises(Broken):
                sink.write(offers(range(5, 7)))


def _driver(store: Shelf) -> str:
    return open_database(store.url).url.drivername


def test_two_at_once(store: Store) -> None:
    """Of two sinks that write the same deliveries at once, each is kept by one of them."""
    failed: list[BaseException] = []
    together = threading.Barrier(2)

    def write(sink: Sink, size: int) -> None:
        together.wait()
        for first in range(0, 40, size):
            _until_written(sink, offers(range(first, min(first + size, 40))))

    with ExitStack() as stack:
        sinks = [stack.enter_context(store.feed()) for _ in range(2)]
        writers = [
            threading.Thread(target=_caught, args=(partial(write, sink, size), failed))
            for sink, size in zip(sinks, (3, 7), strict=True)
        ]
        for writer in writers:
            writer.start()
        for writer in writers:
            writer.join()
        assert not failed
        assert all(sink.positions([TOPIC]) == {(TOPIC, 0): 40} for sink in sinks)
    assert len(everything(store)) == 40


def test_away(store: Store) -> None:
    """A database that is away raises Later for a writer; afterwards the batch is kept once."""
    with store.feed() as sink:
        sink.write(offers(range(2)))
        with store.away(), pytest.raises(Later) as said:
            sink.write(offers(range(2, 4)))
        assert "Sprachcafé" not in str(said.value)
        sink.write(offers(range(2, 4)))
    assert len(everything(store)) == 4


@pytest.mark.postgres
def test_readers_are_told(postgres: Postgres) -> None:
    """A database that is away is said to be, and readers do not break on it."""
    store = OnPostgres(postgres)
    store.told(an_offer())
    engine = open_for_reading(store.url)
    with closing(OfferDirectory(engine)) as directory:
        assert directory.one(OFFER_1) is not None
        with store.away():
            with pytest.raises(Away):
                directory.one(OFFER_1)
            with pytest.raises(Away):
                directory.find(Wish(), NOW, 0, 1)
        assert directory.one(OFFER_1) is not None


def test_readers_do_not_wait_for_a_writer(store: Store) -> None:
    """While a sink writes, a reader sees the directory as it was before."""
    store.told(an_offer())
    seen: list[int] = []

    def look() -> datetime:
        seen.append(len(everything(store)))
        return NOW

    with store.feed(look) as sink:
        sink.write(offers(range(2, 5)))
    assert seen == [1, 1, 1]
    assert len(everything(store)) == 4


def test_readers_cannot_write(store: Store) -> None:
    """Not even by mistake."""
    engine = open_for_reading(store.url)
    with (
        engine.connect() as connection,
        pytest.raises(Exception, match=r"(?i)read.?only"),
    ):
        connection.exec_driver_sql("DELETE FROM directory_offers")
    engine.dispose()


NUMBERS: Final = count(1)
SPOKEN: Final = st.lists(
    strategies.events(SupportOfferPublished, SupportOfferCapacityChanged, SupportOfferWithdrawn),
    min_size=1,
    max_size=4,
)


@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(said=SPOKEN)
def test_whatever_is_said(store: Store, said: list[Event[Data]]) -> None:
    """Whatever the contract lets a publisher say, the store says the same as the rule."""
    subject = f"offer-{next(NUMBERS)}"
    changes = {
        "subject": subject,
        "dataclassification": "public",
        "source": f"//kurze-wege/{DIEBURG}/x",
    }
    offer: Offer | None = None
    events = []
    for event in said:
        context = event.context.model_copy(update=changes)
        offer = after(offer, context.subject, DIEBURG, event.data, context.time)
        events.append(Event(context, event.data))
    with store.feed() as sink:
        start = sink.positions([TOPIC]).get((TOPIC, 0), 0)
        copies = [copy_for(KFB, event) for event in events]
        sink.write(
            [Delivered(KFB, TOPIC, 0, start + n, 0, encode(copy)) for n, copy in enumerate(copies)]
        )
    found = listed(store, ids.service_id(DIEBURG, subject))
    assert (None if found is None else found.offer) == offer


def test_migrations_make_the_tables(store: Store) -> None:
    """After the upgrade nothing differs from the tables of the code; again it changes nothing."""
    assert _differences(store.url) == []
    upgrade(store.url)
    assert _differences(store.url) == []
    engine = open_database(store.url)
    with engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE directory_offers ADD COLUMN forgotten INTEGER")
    engine.dispose()
    assert len(_differences(store.url)) == 1


def test_nobody_there() -> None:
    """A database that cannot be reached raises Later and says nothing of the password."""
    with pytest.raises(Later) as said:
        upgrade("postgresql://hub:geheim@127.0.0.1:1/nothing")
    assert "geheim" not in str(said.value)


def _differences(url: str) -> list[Any]:
    engine = open_database(url)
    try:
        with engine.connect() as connection:
            options = {"compare_type": True, "version_table": STEPS.version_table}
            context = MigrationContext.configure(connection, opts=options)
            return list(compare_metadata(context, metadata))
    finally:
        engine.dispose()


def _until_written(sink: Sink, batch: list[Delivered]) -> None:
    for _ in range(200):
        try:
            return sink.write(batch)
        except Later:
            continue
    raise AssertionError("never written")


def _caught(act: Callable[[], None], failed: list[BaseException]) -> None:
    try:
        act()
    except BaseException as error:  # noqa: BLE001 - shown by the test
        failed.append(error)


def test_a_sink(store: Store) -> None:
    """It is a sink as the runner knows them."""
    sink: Sink = OfferFeed(open_database(store.url), at_now)
    assert sink.positions([TOPIC]) == {}
    sink.close()
