"""The open directory: the sink that keeps the support offers, and what shows them to the world."""

import threading
from contextlib import closing
from datetime import UTC, datetime

import structlog

from hub.doors.asked import no_address, served
from hub.doors.carrying import carry, delivery_topics, is_upgraded
from hub.settings import Settings

log = structlog.get_logger()


def offers(settings: Settings, stop: threading.Event) -> None:
    """Keep the support offers among the parties' deliveries; raises ConfigError.

    They are public, and the rest of what is delivered stays encrypted here.
    """
    from connectors.sql.database import open_database
    from hub.stores.offers.feed import OfferFeed
    from hub.stores.offers.upgrade import upgrade

    parties = served(settings, settings.hsds.parties, "hsds.parties")
    url = settings.hsds.database.get_secret_value()
    if is_upgraded(upgrade, url, stop):
        sink = OfferFeed(open_database(url), lambda: datetime.now(UTC))
        carry(settings, sink, delivery_topics(settings, parties), "offers", stop)


def hsds(settings: Settings, stop: threading.Event) -> None:
    """Show the kept offers by HTTP; raises HubError where that cannot be."""
    from connectors.serving import Address, serve
    from hub.hsds.app import create_app
    from hub.place_file import load_places
    from hub.stores.offers.directory import OfferDirectory
    from hub.stores.offers.reading import open_for_reading
    from hub.stores.offers.upgrade import upgrade

    options = settings.hsds
    url = options.database.get_secret_value()
    if not is_upgraded(upgrade, url, stop):
        return
    with closing(OfferDirectory(open_for_reading(url))) as directory:
        app = create_app(directory, load_places(), lambda: datetime.now(UTC), options)
        try:
            serve(app, Address(options.host, options.port), stop, _opened)
        except OSError as error:
            raise no_address(error, "hsds", options.host, options.port) from error


def _opened(port: int) -> None:
    log.info("directory_open", port=port)
