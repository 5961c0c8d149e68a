"""The sink that calls parties with their deliveries."""

import threading
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from random import SystemRandom
from typing import TYPE_CHECKING

from hub.doors.asked import served
from hub.doors.carrying import deliver, together
from hub.errors import ConfigError
from hub.settings import Settings

if TYPE_CHECKING:
    from connectors.webhook.sender import Sender


def webhook(settings: Settings, stop: threading.Event) -> None:
    """Keep what is for each receiver and send it there; raises ConfigError.

    Each receiver is read for by itself: one for which enough waits holds up no other.
    """
    from connectors.webhook.sending import send_all
    from connectors.webhook.sink import Webhook
    from connectors.webhook.store import Store

    options = settings.webhook
    parties = served(settings, tuple(options.receivers), "webhook.receivers")
    senders = _senders(settings, _secrets(settings, parties))
    reading = [
        partial(
            deliver,
            settings,
            Webhook(Store(options.store), lambda: datetime.now(UTC), options.max_waiting),
            (party,),
            f"webhook.{party}",
            stop,
        )
        for party in parties
    ]
    together([*reading, partial(send_all, senders, options.store, stop)], stop)


def _secrets(settings: Settings, parties: Sequence[str]) -> Mapping[str, Sequence[bytes]]:
    from connectors.webhook.secrets import SecretsUnreadable, read_secrets

    remedy = "Write one line for each receiver: the party, a blank, whsec_ and the secret."
    where = "webhook.secrets_file"
    if settings.webhook.secrets_file is None:
        raise ConfigError("The calls cannot be signed.", where=where, remedy=remedy)
    try:
        return read_secrets(settings.webhook.secrets_file, parties)
    except SecretsUnreadable as error:
        raise ConfigError(f"{error}.", where=where, remedy=remedy) from error


def _senders(settings: Settings, secrets: Mapping[str, Sequence[bytes]]) -> "list[Sender]":
    from connectors.webhook.client import Client
    from connectors.webhook.clock import Clock
    from connectors.webhook.sender import Sender
    from connectors.webhook.store import Store

    options = settings.webhook
    clock = Clock(lambda: datetime.now(UTC), time.monotonic, SystemRandom().random)
    try:
        clients = {party: Client(url, options) for party, url in options.receivers.items()}
    except OSError as error:
        remedy = "Name a file of certificates (PEM) this user may read."
        raise ConfigError("Cannot be used.", where="webhook.ca_file", remedy=remedy) from error
    return [
        Sender(party, secrets[party], Store(options.store), client, options, clock)
        for party, client in clients.items()
    ]
