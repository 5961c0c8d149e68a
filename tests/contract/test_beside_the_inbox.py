"""What is done beside the inbox tables is done once, in order, and with the rows or not at all."""

from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Connection

from connectors.backoffice.sink import BackOffice, Beside, Fresh
from connectors.base import Delivered
from connectors.sql.database import open_database
from schemas.codec import Record, encode
from tests.contract.subject_backoffice import InboxTables, OnPostgres, OnSqlite
from tests.support.deliveries import AT, delivered, deliveries, receipt, referral


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def tables(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[InboxTables]:
    """Inbox tables on each database, with nothing in them."""
    if request.param == "postgres":
        made: InboxTables = OnPostgres(request.getfixturevalue("postgres"))
    else:
        made = OnSqlite(f"sqlite:///{tmp_path / 'inbox.sqlite'}")
    yield made
    made.engine.dispose()


def write(tables: InboxTables, said: Sequence[Delivered], beside: Beside) -> None:
    """Hand these to a new sink with this beside."""
    with closing(BackOffice(open_database(tables.url), lambda: AT, beside)) as sink:
        sink.write(said)


def several() -> list[Delivered]:
    """One for each of the tables, and one more, in the order of their offsets."""
    return [
        delivered(0, encode(receipt("r-1", "e-1"))),
        delivered(1, encode(referral("d-1"))),
        delivered(2, Record(None, b"", ())),
        delivered(3, encode(receipt("r-2", "e-2"))),
    ]


def test_in_the_order_of_their_offsets(tables: InboxTables) -> None:
    """Rows of all tables come together, ordered as they were delivered."""
    seen: list[tuple[str, int]] = []

    def note(_: Connection, fresh: Sequence[Fresh]) -> None:
        seen.extend((one.table.name, one.row["topic_offset"]) for one in fresh)

    write(tables, several(), note)

    assert seen == [("receipts", 0), ("inbox", 1), ("faulty", 2), ("receipts", 3)]


def test_only_what_is_new(tables: InboxTables) -> None:
    """What was kept before is not handed on, nor the second of two with one id."""
    seen: list[int] = []

    def note(_: Connection, fresh: Sequence[Fresh]) -> None:
        seen.extend(one.row["topic_offset"] for one in fresh)

    write(tables, several(), note)
    write(tables, several(), note)
    write(tables, [delivered(4, encode(referral("d-1"))), *deliveries([5, 6])], note)
    write(tables, [delivered(n, encode(referral("d-2"))) for n in (7, 8)], note)

    assert seen == [0, 1, 2, 3, 5, 6, 7]


def test_all_or_nothing(tables: InboxTables) -> None:
    """Where it fails neither rows nor position are kept, and the same can be handed in again."""
    trouble = [ArithmeticError]

    def make(connection: Connection, _: Sequence[Fresh]) -> None:
        connection.exec_driver_sql("CREATE TABLE made_beside (n INTEGER)")
        if trouble:
            raise trouble.pop()

    with pytest.raises(ArithmeticError):
        write(tables, several(), make)
    assert tables.kept() == []
    write(tables, several(), make)
    assert tables.kept() == [0, 1, 2, 3]
