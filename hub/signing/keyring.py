"""A process's own keys: who signs for whom here, and with which key now."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Final, NamedTuple

import structlog

from hub.errors import ConfigError, HubError
from hub.signing.keys import Keys, Use
from hub.signing.keys_file import load_keys
from hub.signing.options import Options
from hub.signing.private_keys import files, load_signers
from hub.signing.watched import Watched
from schemas.codec import HEADER_PREFIX, Record
from schemas.envelope import party_of
from schemas.signature import SIGNATURE_HEADER, Signer, signed_statement

log = structlog.get_logger()
SOURCE: Final = f"{HEADER_PREFIX}source"
REMEDY: Final = "Issue one: hub signing issue PARTY. It is used within a second."


class NoKey(HubError):
    """There is no valid key to sign with."""


class Own(NamedTuple):
    """The registry, and whoever can sign here."""

    keys: Keys
    signers: Mapping[str, Signer]


class Keyring:
    """The private keys of this process, read again when their files change."""

    def __init__(self, keys_file: Path, private: Path) -> None:
        """Read them; raises ConfigError."""
        self._own = Watched(
            lambda: [keys_file, private, *files(private)], partial(_load, keys_file, private)
        )
        self._known: tuple[Own, int, dict[tuple[str, Use], Signer | None]] | None = None

    def signer(self, party: str, use: Use, at_s: int) -> Signer | None:
        """Who signs for this party at this moment: its newest key; None where none is valid."""
        own = self._own()
        known = self._known
        if known is None or known[0] is not own or known[1] != at_s:
            known = self._known = (own, at_s, {})
        if (party, use) not in known[2]:
            at = datetime.fromtimestamp(at_s, UTC)
            key = own.keys.newest(party, use, at, own.signers)
            known[2][party, use] = None if key is None else own.signers[key.kid]
            if key is None:
                log.error("no_valid_key", party=party, use=use, remedy=REMEDY)
        return known[2][party, use]

    def signed(self, record: Record, at_s: int) -> Record:
        """The record with the signature of the party it comes from; raises NoKey.

        What is signed already stays as it is: its sender has signed it at home.
        """
        headers = dict(record.headers)
        if SIGNATURE_HEADER in headers:
            return record
        party = party_of(headers[SOURCE].decode())
        signer = self.signer(party, Use.SIGN, at_s)
        if signer is None:
            raise NoKey(f"There is no valid key to sign for {party}.", remedy=REMEDY)
        made = signer.sign(signed_statement(record), at_s).encode()
        return record._replace(headers=[*record.headers, (SIGNATURE_HEADER, made)])

    def check(self, parties: Iterable[str], use: Use, at_s: int) -> None:
        """Raise NoKey unless there is one now for each of these."""
        missing = [party for party in parties if self.signer(party, use, at_s) is None]
        if missing:
            what = f"There is no valid key to {use} for {', '.join(missing)}."
            raise NoKey(what, where="signatures.private_keys", remedy=REMEDY)


def open_keyring(options: Options) -> Keyring | None:
    """The keys these settings name; None where nothing is signed. Raises ConfigError."""
    if options.keys_file is None:
        return None
    if options.private_keys is None:
        what = "There is a registry of keys, and nothing to sign with."
        remedy = "Name the folder or file with this process's private keys."
        raise ConfigError(what, where="signatures.private_keys", remedy=remedy)
    return Keyring(options.keys_file, options.private_keys)


def open_registry(options: Options) -> Watched[Keys] | None:
    """The keys that count, read again when they change; None where nothing is checked."""
    file = options.keys_file
    return None if file is None else Watched(lambda: [file], partial(load_keys, file))


def _load(keys_file: Path, private: Path) -> Own:
    keys = load_keys(keys_file)
    return Own(keys, load_signers(private, keys))
