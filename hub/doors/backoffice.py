"""The sink that fills the inbox tables."""

import threading
from datetime import UTC, datetime

from hub.doors.asked import served
from hub.doors.carrying import deliver, is_upgraded
from hub.errors import ConfigError
from hub.settings import Settings


def backoffice(settings: Settings, stop: threading.Event) -> None:
    """Keep the parties' deliveries in the inbox tables; raises ConfigError."""
    from connectors.backoffice.sink import BackOffice
    from connectors.backoffice.upgrade import upgrade
    from connectors.sql.database import open_database

    parties = served(settings, settings.backoffice.parties, "backoffice.parties")
    url = settings.backoffice.database.get_secret_value()
    if is_upgraded(upgrade, url, stop):
        _check_no_desk(url, parties)
        sink = BackOffice(open_database(url), lambda: datetime.now(UTC))
        deliver(settings, sink, parties, "backoffice", stop)


def _check_no_desk(url: str, parties: tuple[str, ...]) -> None:
    """Raise ConfigError where a back office keeps these deliveries: it would not hear of them."""
    from hub.stores.casework.beginning import whose

    if (party := whose(url)) in parties:
        remedy = "Leave the party out of backoffice.parties, or name another database."
        what = f"hub web keeps in it what is delivered to {party}."
        raise ConfigError(what, where="backoffice.database", remedy=remedy)
