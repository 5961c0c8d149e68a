"""The secrets of a deployment: each in a file of its own, made by chance once and then kept.

The files may be read by everybody and their folder by its owner alone: a container is given just
the files it needs, whatever user it runs as.
"""

import base64
import secrets
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final

from hub.broker.certificates import Authority
from hub.broker.security import NODES
from hub.errors import ConfigError
from hub.users.roles import User

OPERATOR: Final = "kurze-wege-operator"
"""The common name of the operator's certificate; the broker's super user."""
HOSTS: Final = ("kafka-1", "kafka-2", "kafka-3", "localhost", "127.0.0.1")
"""Under which names the brokers are reached."""
DATABASES: Final = ("ledger", "offers", "mailbox", "backoffice", "desk", "audit", "vault")
"""Each with a user and a password of its own."""
ACCOUNTS: Final = ("postgres", "grafana")
"""The administrators of what runs beside the hub."""
VAULT: Final = "vault_master_key"
"""What wraps the keys of subjects; its backup lies apart from that of the vault."""
TOKENS: Final = ("http_tokens", "mailbox_tokens")
"""Whom the doors let in: empty, until the operator adds a line for a party."""
CA, NODE, OPERATORS = "ca_certificate", "kafka_certificate", "operator_certificate"
_PASSWORD_BYTES: Final = 24
MASTER_KEY_BYTES: Final = 32


def make(folder: Path, users: Iterable[User]) -> list[str]:
    """Make every secret that is not there yet; the names of the files that were made.

    Without `ca_certificate` all certificates are made anew: they are valid for 825 days.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    made: list[str] = []
    for name in (*(user.role for user in users), *ACCOUNTS):
        made += _once(folder / f"{name}_password", _password)
    for name in DATABASES:
        made += _once(folder / f"{name}_database_password", _password)
        word = (folder / f"{name}_database_password").read_text("utf-8")
        url = f"postgresql+psycopg://{name}:{word}@postgres/{name}"
        made += _once(folder / f"{name}_database", url.encode)
    made += _once(folder / VAULT, master_key)
    for name in TOKENS:
        made += _once(folder / name, bytes)
    if not (folder / CA).exists():
        authority = Authority("Kurze Wege")
        _write(folder / NODE, authority.issue(NODES, HOSTS))
        _write(folder / OPERATORS, authority.issue(OPERATOR))
        _write(folder / CA, authority.certificate)  # last: it says that all are there
        made += [NODE, OPERATORS, CA]
    return made


def passwords(folder: Path, users: Iterable[User]) -> dict[str, str]:
    """The password of each user, by its name; raises ConfigError."""
    return {user.name: _read(folder / f"{user.role}_password") for user in users}


def master_key() -> bytes:
    """A line of the file that wraps the keys of subjects: 32 bytes in URL-safe base64."""
    return base64.urlsafe_b64encode(secrets.token_bytes(MASTER_KEY_BYTES)) + b"\n"


def _password() -> bytes:
    return secrets.token_urlsafe(_PASSWORD_BYTES).encode()


def _once(file: Path, content: Callable[[], bytes]) -> list[str]:
    """Write what is not there yet; its name if it was written."""
    if file.exists():
        return []
    _write(file, content())
    return [file.name]


def _read(file: Path) -> str:
    remedy = "Make it with `hub secrets make`, or name the folder it lies in: --passwords FOLDER"
    try:
        word = file.read_text("utf-8").strip()
    except OSError as error:
        what = f"Cannot read it: {error.strerror}."
        raise ConfigError(what, where=str(file), remedy=remedy) from None
    if not word:
        raise ConfigError("The password is empty.", where=str(file), remedy=remedy)
    return word


def _write(file: Path, content: bytes) -> None:
    """Whole or not at all."""
    half = file.with_name(f".{file.name}")
    half.write_bytes(content)
    half.chmod(0o644)
    half.replace(file)
