"""What there is of a subject, before anything is done about it."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta

from hub import wiring
from hub.errors import ConfigError
from hub.operations import subject_stores, subject_topics
from hub.operations.subject_stores import Held
from hub.operations.subject_topics import Played, Seen
from hub.settings import Settings
from hub.stores.vault import keys as vault_keys
from hub.stores.vault.keys import SqlKeys
from hub.vault.past import Past, past_of
from hub.vault.traces import Trace, traces
from schemas.encryption import Key


class NoVault(ConfigError):
    """Nothing is encrypted here: there is no vault."""


@dataclass(frozen=True, slots=True)
class Found:
    """What there is of a subject before anything is done."""

    subject: str
    held: vault_keys.Held | None
    """What the vault knows of it; None: it never had a key."""
    past: Past
    seen: list[Seen]
    stores: list[Held]
    sought: frozenset[Trace]
    """What stands in its events of the person; never shown."""

    @property
    def is_known(self) -> bool:
        """Whether there is anything of it at all."""
        return self.held is not None or bool(self.seen)


def look(settings: Settings, subject: str, played: Played) -> Found:
    """What there is of the subject; changes nothing. Raises NoVault, BrokerUnavailable, Later."""
    with closing(open_vault(settings)) as vault:
        keys = keys_of(vault, subject)
        held = vault.held(subject)
    seen = list(subject_topics.records(settings, subject, keys, played))
    past = past_of(subject_topics.lines(seen))
    stores = subject_stores.held(settings, subject)
    sought = traces(one.event.data for one in seen if one.event is not None)
    return Found(subject, held, past, seen, stores, sought)


def objections(settings: Settings, found: Found, now: datetime) -> Iterator[str]:
    """What forbids that the subject is erased now."""
    if found.held is not None and found.held.destroyed_at is not None:
        return
    if found.past.is_open:
        yield f"its referral is open ({found.past.status or found.past.handover})"
    kept = timedelta(days=settings.vault.retain_days)
    if kept and found.past.last_at is not None and now < found.past.last_at + kept:
        until = (found.past.last_at + kept).date()
        yield f"it must be kept until {until} (vault.retain_days)"


def keys_of(vault: SqlKeys, subject: str) -> dict[str, Key | None]:
    """The key of this subject, as far as there is one."""
    found = vault.find([subject])
    return {name: None if raw is None else Key.of(raw) for name, raw in found.items()}


def open_vault(settings: Settings) -> SqlKeys:
    """The vault, to be closed by the caller; raises NoVault."""
    vault = wiring.vault(settings)
    if vault is None:
        remedy = "Name one, and the file with its master key; see hub/vault/README.md."
        raise NoVault(where="vault.database", remedy=remedy)
    return vault
