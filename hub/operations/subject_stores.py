"""What the databases that the settings name still hold of a subject, and what scrubs them."""

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import Connection, Table, inspect
from sqlalchemy.engine import make_url

from connectors.backoffice import erasing as delivered
from connectors.backoffice.tables import faulty, inbox
from connectors.mailbox import store as mailbox
from connectors.mailbox.tables import faulty as mailbox_faulty
from connectors.mailbox.tables import items
from connectors.sql.database import answering, open_database
from connectors.sql.scrubbing import scrub
from connectors.webhook.queue import readable as waits
from connectors.webhook.store import Store as Webhook
from hub.settings import Settings
from hub.stores.casework import erasing as said
from hub.stores.casework.tables import outbox


class Held(NamedTuple):
    """How many rows of a database still say something about the person."""

    where: str
    readable: int


class _Database(NamedTuple):
    where: str
    url: str
    rows: Callable[[Connection, str], int]
    tables: tuple[Table, ...]


def held(settings: Settings, subject: str) -> list[Held]:
    """What each of the databases holds; raises Later when one is away."""
    return [*_in_sql(settings, subject), *_in_webhook(settings, subject)]


def scrub_all(settings: Settings) -> None:
    """Leave nothing of what was erased in their files; raises Later when one is away."""
    for one in _databases(settings):
        engine = open_database(one.url)
        try:
            scrub(engine, one.tables)
        finally:
            engine.dispose()
    if settings.webhook.receivers and settings.webhook.store.exists():
        with closing(Webhook(settings.webhook.store)) as store, store.reading() as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()


def files(settings: Settings) -> Iterator[Path]:
    """The folders and files in which it is looked for what stood of a person."""
    yield settings.data_folder
    if settings.file_drop.parties:
        yield settings.file_drop.root
    urls = (*(one.url for one in _databases(settings)), settings.ledger.database.get_secret_value())
    for url in urls:
        address = make_url(url)
        if address.get_backend_name() == "sqlite" and address.database:
            file = Path(address.database)
            yield from (file.with_name(file.name + ending) for ending in ("", "-wal", "-shm"))


def _databases(settings: Settings) -> Iterator[_Database]:
    desk, box, tables = settings.web, settings.mailbox, settings.backoffice
    if tables.parties:
        url = tables.database.get_secret_value()
        yield _Database("backoffice.database", url, delivered.readable, (inbox, faulty))
    if desk.party:
        url = desk.database.get_secret_value()
        yield _Database("web.database", url, _of_desk, (inbox, faulty, outbox))
    if box.parties:
        url = box.database.get_secret_value()
        yield _Database("mailbox.database", url, mailbox.readable, (items, mailbox_faulty))


def _of_desk(connection: Connection, subject: str) -> int:
    return delivered.readable(connection, subject) + said.readable(connection, subject)


def _in_sql(settings: Settings, subject: str) -> Iterator[Held]:
    for one in _databases(settings):
        engine = open_database(one.url)
        try:
            with answering(), engine.begin() as connection:
                is_there = all(inspect(connection).has_table(table.name) for table in one.tables)
                yield Held(one.where, one.rows(connection, subject) if is_there else 0)
        finally:
            engine.dispose()


def _in_webhook(settings: Settings, subject: str) -> Iterator[Held]:
    if settings.webhook.receivers and settings.webhook.store.exists():
        with closing(Webhook(settings.webhook.store)) as store:
            yield Held("webhook.store", waits(store, subject))
