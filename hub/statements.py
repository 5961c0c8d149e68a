"""Statements, wired: worked out from the ledger or from a topic, signed, and compared."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Final, TypeVar

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from hub import wiring
from hub.errors import ConfigError, HubError, UsageError
from hub.settings import Settings
from hub.stores.ledger.options import Options
from hub.streaming.reading import Found, Reader
from hub.trail import signature
from hub.trail.local_time import end
from hub.trail.received import recorded
from hub.trail.statement import Recorded, Statement, dump, load, statement
from hub.trails import Trails
from schemas.topics import delivery_topic

K = TypeVar("K")
QUIET_S: Final = 2.0
"""Nothing came for so long: the topic is read to its end."""
MAKE_ONE: Final = "Make one: openssl genpkey -algorithm ed25519 -out FILE"


def work_out(settings: Settings, party: str, day: date, *, received: bool) -> Statement:
    """The party's statement: of the ledger, or of what was `received` on its topic."""
    if wiring.parties(settings).get(party) is None:
        remedy = "Use an id of the registry of parties."
        raise UsageError("There is no such party.", where=party, remedy=remedy)
    if not received:
        with Trails(settings) as trails:
            return trails.statement(party, day)
    topic = settings.topic_prefix + delivery_topic(party).name
    rows: list[Recorded] = []
    with Reader(settings.kafka.kafka_python(), [topic]) as reader:
        while found := reader.read(QUIET_S):
            rows += _rows(found)
    return statement(day, party, rows)


def is_read(said: Statement) -> bool:
    """Whether anything later than the statement's day was read from the ledger."""
    return said.read_until is not None and said.read_until >= end(said.day)


def sign(options: Options, said: Statement, file: Path) -> str:
    """Write the signed statement into the file; returns the key's thumbprint."""
    if options.signing_key is None:
        raise ConfigError("There is no key.", where="ledger.signing_key", remedy=MAKE_ONE)
    key = _read(options.signing_key, "ledger.signing_key", signature.private_key)
    try:
        file.write_text(signature.sign(dump(said), key) + "\n", encoding="ascii")
    except OSError as error:
        raise HubError(f"Cannot write: {error.strerror}.", where=str(file)) from error
    return signature.thumbprint(key.public_key())


def compare(options: Options, said: Statement, file: Path) -> None:
    """Raise HubError unless the file is the hub's statement and says the same."""
    key = _public_key(options)
    try:
        text = file.read_text(encoding="ascii", errors="replace")
    except OSError as error:
        raise HubError(f"Cannot read: {error.strerror}.", where=str(file)) from error
    try:
        signed = load(signature.verify(text, key))
    except (signature.NotSigned, ValueError) as error:
        raise HubError(f"This is not the hub's statement: {error}.", where=str(file)) from error
    if not said.agrees(signed):
        words = f"signed are {signed.count} for {signed.party} on {signed.day}, here {said.count}"
        remedy = "If party, day and count are equal, an id differs: compare the ids of both sides."
        raise HubError(f"The two do not agree: {words}.", where=str(file), remedy=remedy)


def _rows(found: list[Found]) -> list[Recorded]:
    rows = (recorded(one.record) for one in found)
    return [row for row in rows if row is not None]


def _public_key(options: Options) -> Ed25519PublicKey:
    if options.public_key is not None:
        return _read(options.public_key, "ledger.public_key", signature.public_key)
    if options.signing_key is not None:
        return _read(options.signing_key, "ledger.signing_key", signature.private_key).public_key()
    remedy = "Set it to the file of the hub's public key."
    raise ConfigError("There is no key.", where="ledger.public_key", remedy=remedy)


def _read(file: Path, setting: str, key_in: Callable[[bytes], K]) -> K:
    remedy = "Name a file with an Ed25519 key in PEM that this user may read."
    try:
        return key_in(file.read_bytes())
    except OSError as error:
        raise ConfigError(f"Cannot read: {error.strerror}.", where=setting, remedy=remedy) from (
            error
        )
    except signature.KeyUnusable as error:
        raise ConfigError(f"Cannot be used: {error}.", where=setting, remedy=remedy) from error
