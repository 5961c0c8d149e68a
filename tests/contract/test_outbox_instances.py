"""Several outbox doors at one PostgreSQL: who gets which rows, and what an ended one leaves."""

import random
import re
import threading
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing
from pathlib import Path

import pytest
from sqlalchemy import text

from connectors import sql_outbox
from connectors.base import Batch
from connectors.errors import Later
from connectors.runner.source_loop import run_source
from schemas.data import Data
from schemas.envelope import Event
from tests.contract.door_suite import name
from tests.contract.source_suite import names, taken
from tests.contract.subject_outbox import Outbox, disposed
from tests.support.builders import an_offer
from tests.support.postgres import Postgres
from tests.support.waiting import until
from tests.support.wire_forms import structured

pytestmark = pytest.mark.postgres
INSTANCES = 4
WRITERS = 3
EACH = 200
CASES = 12


@pytest.fixture
def outbox(postgres: Postgres) -> Iterator[Outbox]:
    """An empty outbox."""
    with disposed(Outbox.on_postgres(postgres, batch_events=10)) as made:
        yield made


class Topic:
    """Where all instances publish; now and then it says Later after a beginning."""

    def __init__(self, chance: random.Random, fails: float = 0.0) -> None:
        """Fail so often, by chance."""
        self.events: list[Event[Data]] = []
        self._chance = chance
        self._fails = fails
        self._lock = threading.Lock()

    def __call__(self, events: Sequence[Event[Data]]) -> None:
        """Take the events one by one, others between them."""
        for event in events:
            with self._lock:
                if self._chance.random() < self._fails:
                    raise Later(0.001, "away")
                self.events.append(event)


def written(outbox: Outbox) -> dict[str, list[str]]:
    """The ids of each case in the order in which they were written."""
    found: dict[str, list[str]] = defaultdict(list)
    for row in outbox.rows():
        found[row["aggregateid"]].append(str(row["id"]))
    return found


def first_copies(events: Sequence[Event[Data]]) -> dict[str, list[str]]:
    """The ids of each case in the order in which they first came."""
    found: dict[str, dict[str, None]] = defaultdict(dict)
    for event in events:
        found[event.context.subject].setdefault(event.context.id)
    return {case: list(ids) for case, ids in found.items()}


def _write(outbox: Outbox, writer: int) -> None:
    for first in range(0, EACH, 5):
        numbers = range(writer * EACH + first, writer * EACH + first + 5)
        said = [an_offer(id=name(n), on=f"w{writer}-{n % CASES}") for n in numbers]
        outbox.say([structured(event) for event in said])


@pytest.mark.parametrize("fails", [0.0, 0.02], ids=["kafka-is-there", "kafka-comes-and-goes"])
def test_instances_share_the_work(outbox: Outbox, chance: random.Random, fails: float) -> None:
    """However many doors and writers are at it, each row goes, each case in its order.

    As long as Kafka takes what it is given, each row goes exactly once.
    """
    topic, stop = Topic(chance, fails), threading.Event()
    doors = [
        threading.Thread(target=run_source, args=(outbox.source(), topic, stop))
        for _ in range(INSTANCES)
    ]
    writers = [threading.Thread(target=_write, args=(outbox, n)) for n in range(WRITERS)]
    for thread in (*doors, *writers):
        thread.start()
    try:
        for writer in writers:
            writer.join(60)
        until(lambda: outbox.waiting() == 0, 60)
    finally:
        stop.set()
        for door in doors:
            door.join(60)
    assert first_copies(topic.events) == written(outbox)
    assert len(outbox.rows()) == WRITERS * EACH
    if not fails:
        assert set(Counter(names(topic.events)).values()) == {1}


def test_a_case_belongs_to_one_at_a_time(outbox: Outbox) -> None:
    """What one door has taken no other gets, nor anything behind it; other cases it does get."""
    outbox.say([structured(an_offer(id=name(n), on="offer-1")) for n in range(15)])
    outbox.say([structured(an_offer(id=name(20), on="offer-2"))])
    with ExitStack() as stack:
        one, two, three = (stack.enter_context(closing(outbox.source())) for _ in range(3))
        first, second = _read(one), _read(two)
        assert [event.context.id for event in first.events] == [name(n) for n in range(10)]
        assert [event.context.id for event in second.events] == [name(20)]
        assert three.read() is None
        first.acknowledge()
        until(lambda: three.read() is not None, 10)
        assert [event.context.id for event in _read(three).events] == [
            name(n) for n in range(10, 15)
        ]


def test_late_in_coming(outbox: Outbox) -> None:
    """A row whose transaction ended after that of a later row is not overlooked."""
    late, early = structured(an_offer(id=name(1), on="o-1")), structured(an_offer(id=name(2)))
    with closing(outbox.source()) as source:
        with outbox.saying([late]):
            outbox.say([early])
            assert [event.context.id for event in taken(source, 1)] == [name(2)]
        assert [event.context.id for event in taken(source, 1)] == [name(1)]
    assert list(written(outbox).values()) == [[name(1)], [name(2)]]


def test_the_example_of_the_readme(postgres: Postgres) -> None:
    """The row that the README writes goes, and its way to mend a row can be run."""
    readme = (Path(sql_outbox.__file__).parent / "README.md").read_text(encoding="utf-8")
    insert, mending = re.findall(r"```sql\n(.*?)```", readme, re.DOTALL)
    with disposed(Outbox(postgres.new_database())) as outbox:
        outbox.execute(insert)
        outbox.execute(mending.replace("…", name(1)))
        with closing(outbox.source()) as source:
            (event,) = taken(source, 1)
        assert event.context.subject == "case-0001"
        assert event.data.TYPE == "referral.status-changed"


def test_a_held_claim_that_was_ended(outbox: Outbox) -> None:
    """A claim whose session the database ended, because Kafka took too long, is still settled."""
    put = outbox.put(5)
    with closing(outbox.source()) as source:
        batch = _read(source)
        with outbox.engine.begin() as connection:
            connection.execute(
                text(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE state = 'idle in transaction' AND datname = current_database()"
                )
            )
        with pytest.raises(Later):
            batch.acknowledge()
        batch.acknowledge()
        assert outbox.waiting() == 0
        assert names(batch.events) == list(put)
        outbox.put(2)
        assert len(taken(source, 2)) == 2


def test_the_database_comes_and_goes(postgres: Postgres) -> None:
    """A database that crashes between claim and mark is waited for; the batch stays the same."""
    with disposed(Outbox.on_postgres(postgres)) as outbox, closing(outbox.source()) as source:
        put = outbox.put(4)
        batch = _read(source)
        outbox.engine.dispose()
        postgres.stop()
        try:
            with pytest.raises(Later) as said:
                batch.acknowledge()
            assert said.value.__suppress_context__
            with pytest.raises(Later):
                batch.acknowledge()
        finally:
            postgres.start()
        _patiently(batch.acknowledge)
        assert outbox.waiting() == 0
        assert names(batch.events) == list(put)
        later = outbox.put(3)
        assert names(taken(source, 3)) == list(later)


def _read(source: object) -> Batch:
    batch: Batch | None = source.read()  # type: ignore[attr-defined]
    assert batch is not None
    return batch


def _patiently(act: Callable[[], None]) -> None:
    for _ in range(50):
        try:
            return act()
        except Later:
            threading.Event().wait(0.1)
    raise AssertionError("never")
