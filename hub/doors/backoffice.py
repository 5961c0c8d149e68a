"""The sink that fills the inbox tables."""

import threading
from datetime import UTC, datetime

from hub.doors.asked import served
from hub.doors.carrying import deliver, is_upgraded
from hub.settings import Settings


def backoffice(settings: Settings, stop: threading.Event) -> None:
    """Keep the parties' deliveries in the inbox tables; raises ConfigError."""
    from connectors.backoffice.database import open_database
    from connectors.backoffice.sink import BackOffice
    from connectors.backoffice.upgrade import upgrade

    parties = served(settings, settings.backoffice.parties, "backoffice.parties")
    url = settings.backoffice.database.get_secret_value()
    if is_upgraded(upgrade, url, stop):
        sink = BackOffice(open_database(url), lambda: datetime.now(UTC))
        deliver(settings, sink, parties, "backoffice", stop)
