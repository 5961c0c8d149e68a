"""What a connector is asked to do, checked before it starts: its parties and its address."""

import os
import ssl

from hub.domain.probing import ASKER
from hub.errors import ConfigError, HubError
from hub.settings import Settings
from hub.wiring import parties


def known(
    settings: Settings, named: tuple[str, ...], setting: str, *, may_probe: bool = False
) -> None:
    """Raise ConfigError unless every party that the setting names is declared.

    `may_probe`: at a door the hub itself may be named, as who sends probes.
    """
    registry = parties(settings)
    beside = {ASKER} if may_probe else set()
    unknown = sorted({one for one in named if registry.get(one) is None} - beside)
    if unknown:
        remedy = "Declare them in the parties file, or correct the setting."
        what = f"Not in the registry of parties: {', '.join(unknown)}."
        raise ConfigError(what, where=setting, remedy=remedy)


def served(settings: Settings, named: tuple[str, ...], setting: str) -> tuple[str, ...]:
    """The parties whose deliveries are asked for; raises ConfigError unless there are some."""
    if not named:
        remedy = f"Name at least one party: --set {setting}=kfb"
        raise ConfigError("Nobody's deliveries are asked for.", where=setting, remedy=remedy)
    known(settings, named, setting)
    return named


def no_address(error: OSError, section: str, host: str, port: int) -> HubError:
    """What to say when nothing can be served there: of the certificate, or of the address."""
    why = os.strerror(error.errno) if error.errno else type(error).__name__
    if error.filename or isinstance(error, FileNotFoundError | ssl.SSLError):
        what, remedy = f"Cannot be used: {why}.", "Name PEM files this user may read."
        return ConfigError(what, where=f"{section}.tls_certificate and tls_key", remedy=remedy)
    remedy = f"Set {section}.host and {section}.port to an address that is free here."
    return HubError(f"Cannot listen: {why}.", where=f"{host}:{port}", remedy=remedy)
