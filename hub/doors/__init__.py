"""The connectors, wired: from settings to a door or a sink that works until it is told to stop."""

import threading
from collections.abc import Callable
from typing import Final

import structlog

from hub.doors.backoffice import backoffice
from hub.doors.directory import hsds, offers
from hub.doors.file_drop import file_drop
from hub.doors.http_api import http_api
from hub.doors.ledger import ledger
from hub.doors.mailbox import mailbox
from hub.doors.sql_outbox import sql_outbox
from hub.doors.web import web
from hub.doors.webhook import webhook
from hub.errors import UsageError
from hub.settings import Settings

log = structlog.get_logger()

DOORS: Final[dict[str, Callable[[Settings, threading.Event], None]]] = {
    "file_drop": file_drop,
    "http_api": http_api,
    "sql_outbox": sql_outbox,
    "backoffice": backoffice,
    "webhook": webhook,
    "mailbox": mailbox,
    "ledger": ledger,
    "offers": offers,
    "hsds": hsds,
    "web": web,
}
"""Every connector by its name."""


def configured(settings: Settings) -> dict[str, str]:
    """Each connector and what it still needs to be of use; an empty text: nothing."""
    drop, http, outbox = settings.file_drop, settings.http_api, settings.sql_outbox
    lacks = {
        "file_drop": ("parties", drop.parties or drop.root.is_dir()),
        "http_api": ("tokens", http.tokens or http.tokens_file),
        "sql_outbox": ("database", outbox.database),
        "backoffice": ("parties", settings.backoffice.parties),
        "webhook": ("receivers", settings.webhook.receivers),
        "mailbox": ("parties", settings.mailbox.parties),
        "web": ("party", settings.web.party),
    }
    found = {
        name: "" if given else f"{name}.{setting} is not set"
        for name, (setting, given) in lacks.items()
    }
    directory = "" if settings.hsds.parties else "hsds.parties is not set"
    return found | {"ledger": "", "offers": directory, "hsds": directory}


def connect(settings: Settings, name: str, stop: threading.Event) -> None:
    """Run one connector until `stop` is set; raises UsageError for an unknown name."""
    if name not in DOORS:
        remedy = f"Use one of: {', '.join(DOORS)}."
        raise UsageError("There is no such connector.", where=name, remedy=remedy)
    log.info("connector_starting", connector=name)
    DOORS[name](settings, stop)
    log.info("connector_stopped", connector=name)
