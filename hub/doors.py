"""The connectors, wired: from settings to a door that is open until it is told to close."""

import os
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from functools import partial

import structlog

from connectors.runner.publisher import Publisher
from hub.errors import ConfigError, HubError, UsageError
from hub.settings import Settings
from hub.wiring import group, parties
from schemas.topics import delivery_topic

log = structlog.get_logger()


def configured(settings: Settings) -> dict[str, str]:
    """Each connector and what it still needs to be of use; an empty text: nothing."""
    drop, http, inbox = settings.file_drop, settings.http_api, settings.backoffice
    return {
        "file_drop": "" if drop.parties or drop.root.is_dir() else "file_drop.parties is not set",
        "http_api": "" if http.tokens or http.tokens_file else "http_api.tokens is not set",
        "backoffice": "" if inbox.parties else "backoffice.parties is not set",
    }


def connect(settings: Settings, name: str, stop: threading.Event) -> None:
    """Run one connector until `stop` is set; raises UsageError for an unknown name."""
    if name not in DOORS:
        remedy = f"Use one of: {', '.join(DOORS)}."
        raise UsageError("There is no such connector.", where=name, remedy=remedy)
    log.info("connector_starting", connector=name)
    DOORS[name](settings, stop)
    log.info("connector_stopped", connector=name)


@contextmanager
def _publisher(settings: Settings, timeout_s: float = 30) -> Iterator[Publisher]:
    connection = settings.kafka.kafka_python()
    with closing(Publisher(connection, settings.topic_prefix, timeout_s)) as publish:
        yield publish


def _file_drop(settings: Settings, stop: threading.Event) -> None:
    from connectors.file_drop.source import FileDropSource
    from connectors.runner.source_loop import run_source

    _known(settings, settings.file_drop.parties, "file_drop.parties")
    with _publisher(settings) as publish:
        run_source(FileDropSource(settings.file_drop), publish, stop)


def _http_api(settings: Settings, stop: threading.Event) -> None:
    from connectors.http_api.serve import serve
    from connectors.http_api.tokens import TokensUnreadable

    options = settings.http_api
    _known(settings, tuple(options.tokens.values()), "http_api.tokens")
    with _publisher(settings, options.publish_timeout_s) as publish:
        try:
            serve(options, publish, time.monotonic, stop)
        except TokensUnreadable as error:
            remedy = "Write one line for each token: its SHA-256, a blank, the party."
            raise ConfigError(str(error), where="http_api.tokens_file", remedy=remedy) from error
        except OSError as error:
            raise _no_door(settings, error) from error


def _no_door(settings: Settings, error: OSError) -> HubError:
    options = settings.http_api
    why = os.strerror(error.errno) if error.errno else type(error).__name__
    if error.filename or isinstance(error, FileNotFoundError | ssl.SSLError):
        what, remedy = f"Cannot be used: {why}.", "Name PEM files this user may read."
        return ConfigError(what, where="http_api.tls_certificate and tls_key", remedy=remedy)
    remedy = "Set http_api.host and http_api.port to an address that is free here."
    where = f"{options.host}:{options.port}"
    return HubError(f"Cannot listen: {why}.", where=where, remedy=remedy)


def _backoffice(settings: Settings, stop: threading.Event) -> None:
    from connectors.backoffice.database import open_database
    from connectors.backoffice.sink import BackOffice
    from connectors.backoffice.upgrade import upgrade
    from connectors.runner.patience import Stopped, patiently
    from connectors.runner.sink_loop import run_sink

    served = settings.backoffice.parties
    if not served:
        remedy = "Name at least one party: --set backoffice.parties=kfb"
        raise ConfigError(
            "Nobody's deliveries are asked for.", where="backoffice.parties", remedy=remedy
        )
    _known(settings, served, "backoffice.parties")
    url = settings.backoffice.database.get_secret_value()
    try:
        patiently(partial(upgrade, url), stop, "bring the tables up to date")
    except Stopped:
        return
    sink = BackOffice(open_database(url), lambda: datetime.now(UTC))
    topics = {settings.topic_prefix + delivery_topic(party).name: party for party in served}
    told_as = f"{group(settings)}.backoffice"
    run_sink(sink, settings.kafka.kafka_python(), topics, stop, told_as)


def _known(settings: Settings, named: tuple[str, ...], setting: str) -> None:
    registry = parties(settings)
    unknown = sorted({one for one in named if registry.get(one) is None})
    if unknown:
        remedy = "Declare them in the parties file, or correct the setting."
        what = f"Not in the registry of parties: {', '.join(unknown)}."
        raise ConfigError(what, where=setting, remedy=remedy)


DOORS: dict[str, Callable[[Settings, threading.Event], None]] = {
    "file_drop": _file_drop,
    "http_api": _http_api,
    "backoffice": _backoffice,
}
"""Every connector by its name."""
