"""Issues keys and ends them: the private half into a file, the public half into the registry.

The registry is a file that a person reads and mends: what stands there stays as it is written.
"""

import fcntl
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from hub.domain.toml_lines import TomlLines
from hub.errors import HubError, UsageError
from hub.signing.keys import Key, Keys, Use
from hub.signing.keys_file import ENTRIES, load_keys, parse
from hub.signing.private_keys import ENDING
from schemas.signature import public_text

VALID: Final = timedelta(days=365)
"""How long a key is good for, unless it is said otherwise."""
OVERLAP: Final = timedelta(days=30)
"""How long the keys before it are still good once there is a new one."""
BEGIN: Final = (
    "# Whose signatures count: written by `hub signing`. Entries are never deleted, or what they\n"
    "# have signed could not be checked any more.\n"
)
MODE: Final = 0o600


def issue(
    registry: Path,
    private: Path,
    parties: Sequence[str],
    now: datetime,
    *,
    use: Use = Use.SIGN,
    valid: timedelta = VALID,
) -> Key:
    """Make a key for these parties that is good from now on; raises HubError.

    Its public half is added to `registry`, which is begun if it is not there. Its private half
    goes into a file of its own in the folder `private`, or to the end of the file `private`.
    Keys the parties have stay as they are, so that both are good: see `retire`.
    """
    secret = Ed25519PrivateKey.generate()
    now = now.astimezone(UTC).replace(microsecond=0)
    public = public_text(secret.public_key())
    key = Key(
        kid=_kid(parties[0], use, now, public),
        use=use,
        parties=tuple(parties),
        public=public,
        valid_from=now,
        valid_until=now + valid,
    )
    with _changing(registry) as text:
        _keep(private, key.kid, secret)  # first: a public half nobody can sign with is of no use
        _write(registry, (text or BEGIN).rstrip("\n") + f"\n\n{_entry(key)}")
    return key


def retire(
    registry: Path, kept: Key, now: datetime, overlap: timedelta = OVERLAP
) -> tuple[Key, ...]:
    """End the other keys of the same parties and use once the overlap is over; those it ended.

    What is signed until then counts for ever. Raises HubError.
    """
    until = now.astimezone(UTC).replace(microsecond=0) + overlap
    ended: list[str] = []
    with _changing(registry) as before:
        text = before
        for key in parse(before, str(registry)):
            same = key.use is kept.use and set(key.parties) == set(kept.parties)
            if key.kid == kept.kid or not same or key.valid_until <= until:
                continue
            text = _set(text, key.kid, "valid_until", until)
            ended.append(key.kid)
        _write(registry, text)
    return tuple(load_keys(registry).by_kid[kid] for kid in ended)


def revoke(registry: Path, kid: str, now: datetime) -> Key:
    """Let nothing count any more that comes in from now on with this key; raises HubError.

    What came in before stays as it was decided.
    """
    now = now.astimezone(UTC).replace(microsecond=0)
    with _changing(registry) as text:
        if kid not in parse(text, str(registry)).by_kid:
            remedy = "`hub signing list` shows the keys there are."
            raise UsageError("There is no such key.", where=kid, remedy=remedy)
        _write(registry, _set(text, kid, "revoked_at", now))
    return load_keys(registry).by_kid[kid]


def issued(registry: Path) -> Keys:
    """The keys there are; none where there is no registry yet. Raises KeysError."""
    return load_keys(registry) if registry.exists() and registry.stat().st_size else Keys()


def _kid(party: str, use: Use, now: datetime, public: str) -> str:
    whose = f"{party}-seal" if use is Use.SEAL else party
    return f"{whose}-{now:%Y%m%d}-{sha256(public.encode()).hexdigest()[:6]}"


def _entry(key: Key) -> str:
    parties = ", ".join(f'"{party}"' for party in key.parties)
    return (
        f"[[key]]\n"
        f'kid = "{key.kid}"\n'
        f'use = "{key.use}"\n'
        f"parties = [{parties}]\n"
        f'public = "{key.public}"\n'
        f"valid_from = {_moment(key.valid_from)}\n"
        f"valid_until = {_moment(key.valid_until)}\n"
    )


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _set(text: str, kid: str, name: str, moment: datetime) -> str:
    """The text with this moment in the entry of this key."""
    said = f"{name} = {_moment(moment)}"
    lines, rows = TomlLines(text), text.splitlines()
    nth = list(parse(text, "").by_kid).index(kid)
    there = lines.of_entry(ENTRIES, nth, name)
    if there is not None:
        rows[there - 1] = said
    else:
        rows.insert(lines.of_entry(ENTRIES, nth, "valid_until") or len(rows), said)
    return "\n".join(rows) + "\n"


def _keep(private: Path, kid: str, secret: Ed25519PrivateKey) -> None:
    pem = secret.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    try:
        if private.suffix != ENDING and not private.is_file():
            private.mkdir(mode=0o700, parents=True, exist_ok=True)
            private = private / f"{kid}{ENDING}"
        private.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with os.fdopen(os.open(private, os.O_WRONLY | os.O_CREAT | os.O_APPEND, MODE), "ab") as out:
            out.write(pem)
    except OSError as error:
        what = f"Cannot write the private key: {error.strerror}."
        raise HubError(what, where=str(private)) from error


def _write(registry: Path, text: str) -> None:
    """In place: a container is given the file itself, and never sees one that takes its place.

    What changes stands at the end, or is as long as before: whoever reads in the midst of it reads
    what cannot be used, and goes on with what was known.
    """
    content = text.encode()
    file = os.open(registry, os.O_WRONLY | os.O_CREAT, 0o644)
    try:
        os.pwrite(file, content, 0)
        os.ftruncate(file, len(content))
        os.fsync(file)
    finally:
        os.close(file)


@contextmanager
def _changing(registry: Path) -> Iterator[str]:
    """The registry's text, while nobody else changes it; raises KeysError and HubError."""
    try:
        registry.parent.mkdir(parents=True, exist_ok=True)
        folder = os.open(registry.parent, os.O_RDONLY)
    except OSError as error:
        what = f"Cannot change the registry of keys: {error.strerror}."
        raise HubError(what, where=str(registry)) from error
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        issued(registry)  # a registry that is not sound is not made longer
        yield registry.read_text(encoding="utf-8") if registry.exists() else ""
    except OSError as error:
        what = f"Cannot change the registry of keys: {error.strerror}."
        raise HubError(what, where=str(registry)) from error
    finally:
        os.close(folder)
