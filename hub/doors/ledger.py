"""The sink that keeps the ledger's lines in tables, for trails, reports and statements."""

import threading

from hub.doors.carrying import carry, is_upgraded
from hub.settings import Settings
from schemas.topics import LEDGER


def ledger(settings: Settings, stop: threading.Event) -> None:
    """Keep every line of the ledger until `stop` is set."""
    from connectors.sql.database import open_database
    from hub.stores.ledger.sink import LedgerSink
    from hub.stores.ledger.upgrade import upgrade

    url = settings.ledger.database.get_secret_value()
    if is_upgraded(upgrade, url, stop):
        topics = {settings.topic_prefix + LEDGER.name: "hub"}
        carry(settings, LedgerSink(open_database(url)), topics, "ledger", stop)
