"""A party's pages, served: who may come in, and what stands behind each address."""

import threading
from contextlib import ExitStack, closing
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

import structlog

from hub.doors.asked import no_address
from hub.settings import Settings

if TYPE_CHECKING:
    from hub.casework.desk import Desk
    from hub.casework.progress import Here
    from hub.web.options import Options

log = structlog.get_logger()


def show(settings: Settings, desk: "Desk", here: "Here", stop: threading.Event) -> None:
    """Serve the pages over this desk until `stop` is set; raises HubError where that cannot be."""
    from connectors.serving import Address, serve
    from hub import auditing
    from hub.doors.accounts import access_by
    from hub.place_file import load_places
    from hub.stores.casework.overview import SqlOverview
    from hub.web.app import create_app
    from hub.web.figures import Room

    def now() -> datetime:
        return datetime.now(UTC)

    options = settings.web
    url = options.database.get_secret_value()
    with ExitStack() as room:
        audit = room.enter_context(auditing.kept(settings))
        beside = auditing.accounts(audit, here.party)
        access = room.enter_context(access_by(url, here.party, options, now, beside))
        overview = room.enter_context(closing(SqlOverview(url, here)))
        figures = Room(overview, load_places())
        app = create_app(desk, here.parties, now, access, options.contact, figures, audit)
        address = Address(options.host, options.port, options.tls_certificate, options.tls_key)
        try:
            serve(app, address, stop, partial(_opened, here.party, options))
        except OSError as error:
            raise no_address(error, "web", options.host, options.port) from error


def _opened(party: str, options: "Options", port: int) -> None:
    """Say where the pages are."""
    scheme = "https" if options.tls_certificate else "http"
    host = f"[{options.host}]" if ":" in options.host else options.host
    log.info("pages_open", party=party, address=options.public_url or f"{scheme}://{host}:{port}")
