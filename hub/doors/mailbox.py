"""The mailbox: its sink, its address, and what becomes of what nobody collects."""

import threading
import time
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

from hub.domain.collection import late_before
from hub.domain.deadlines import agreed_by
from hub.doors.asked import no_address, served
from hub.doors.carrying import deliver, is_upgraded, publisher, together
from hub.doors.entering import entrance
from hub.doors.uncollected import report
from hub.settings import Settings
from hub.signing.keys import HUB
from hub.wiring import parties

if TYPE_CHECKING:
    from connectors.callers.entrance import Entrance
    from connectors.mailbox.notices import Notices
    from connectors.mailbox.store import Store

CALLERS_WAIT_S = 2
"""How long somebody who collects waits for another writer, in seconds."""


def mailbox(settings: Settings, stop: threading.Event) -> None:
    """Keep the parties' deliveries until they collect them by HTTP; raises HubError."""
    from connectors.mailbox.upgrade import upgrade

    options = settings.mailbox
    named = served(settings, options.parties, "mailbox.parties")
    with entrance(settings, options, "mailbox") as callers:
        if is_upgraded(upgrade, options.database.get_secret_value(), stop):
            _run(settings, named, callers, stop)


def _run(
    settings: Settings, named: tuple[str, ...], callers: "Entrance", stop: threading.Event
) -> None:
    """Fill the mailboxes, answer who collects, and say what nobody does."""
    from connectors.mailbox.sink import Mailboxes
    from connectors.mailbox.store import Store
    from connectors.mailbox.upkeep import Upkeep
    from connectors.runner.source_loop import run_source
    from connectors.sql.database import open_database

    options = settings.mailbox
    url = options.database.get_secret_value()

    def store() -> Store:
        return Store(open_database(url, CALLERS_WAIT_S))

    with publisher(settings, "mailbox", [HUB]) as publish:
        filling = partial(
            deliver, settings, Mailboxes(open_database(url), _now), named, "mailbox", stop
        )
        reporting = partial(run_source, _notices(settings, store(), named), publish, stop)
        tidying = partial(Upkeep(store(), options, _now).run, stop)
        answering = partial(_answer, settings, store(), callers, stop)
        together([filling, reporting, tidying, answering], stop)


def _now() -> datetime:
    return datetime.now(UTC)


def _notices(settings: Settings, store: "Store", named: Sequence[str]) -> "Notices":
    from connectors.mailbox.notices import Notices

    registry = parties(settings)
    return Notices(
        store,
        named,
        lambda one: report(one, _now(), registry),
        lambda party: late_before(_now(), agreed_by(party, registry)),
        _now,
    )


def _answer(
    settings: Settings, store: "Store", entrance: "Entrance", stop: threading.Event
) -> None:
    """Serve the address; closes the store."""
    from connectors.mailbox.app import create_app
    from connectors.mailbox.serve import serve

    options = settings.mailbox
    with closing(store):
        app = create_app(options, store, entrance, _now, time.monotonic, stop)
        try:
            serve(app, options, stop)
        except OSError as error:
            raise no_address(error, "mailbox", options.host, options.port) from error
