"""What a demo starts: a broker, topics, and the hub's own commands as processes."""

import secrets
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum, auto
from pathlib import Path
from typing import Any, Final

from connectors.callers.tokens import digest
from hub import machine, origins, wiring
from hub.broker import ports
from hub.broker.cluster import Cluster
from hub.demo.options import Options
from hub.demo.staff import STAFF
from hub.deployment.secrets import master_key
from hub.errors import HubError
from hub.settings import Settings
from hub.signing.issuing import issue
from hub.signing.keys import HUB, Use
from hub.streaming.removal import remove
from hub.vault.encrypter import Again, Opener

Tell = Callable[[str], None]
Given = Mapping[str, object]
KAFKA: Final = "kafka"
SINKS: Final = ("backoffice", "ledger", "mailbox")
"""The connectors that have a consumer group."""
GRACE_S: Final = 10.0
"""How long processes may take to end, in seconds."""


class Leave(Enum):
    """What stays of a run's folder."""

    ALL = auto()
    """Everything: something went wrong."""
    READABLE = auto()
    """Folders, tables and logs, but not Kafka's data."""
    NOTHING = auto()
    """Nothing."""


@dataclass(slots=True)
class Parts:
    """Everything that runs, and where."""

    settings: Settings
    """As the processes have them."""
    folder: Path
    """All files of this run."""
    tokens: dict[str, str]
    """Each party's token at the HTTP door, and at its mailbox."""
    given: Given
    """What every process is told beside environment and settings file."""
    leave: Leave = Leave.ALL
    """What stays of the folder when it is over."""

    @property
    def connection(self) -> dict[str, Any]:
        """How clients reach the broker."""
        return self.settings.kafka.kafka_python()

    @property
    def port(self) -> int:
        """Of the HTTP door."""
        return self.settings.http_api.port

    @property
    def mailbox_port(self) -> int:
        """Where mailboxes are emptied."""
        return self.settings.mailbox.port

    @property
    def parties(self) -> Path:
        """The parties' folders."""
        return self.settings.file_drop.root

    @property
    def database(self) -> Path:
        """The inbox tables."""
        return self.folder / "inbox.sqlite"

    def opener(self) -> Opener:
        """What opens what lies encrypted on the topics."""
        return Opener(wiring.keyring(self.settings))

    def again(self) -> Again | None:
        """What shows how an opened row lay encrypted; None where nothing is encrypted."""
        keys = wiring.keyring(self.settings)
        return None if keys is None else Again(keys)

    @property
    def logs(self) -> Path:
        """What the processes write."""
        return machine.log_folder(self.settings)


@contextmanager
def running(options: Options, flags: Given, tell: Tell) -> Iterator[Parts]:
    """Start everything; at the end, end everything. Raises HubError."""
    run = secrets.token_hex(4)
    before = origins.load(flags)
    folder = (before.data_folder / options.name / run).resolve()
    folder.mkdir(parents=True)
    tokens = {party: secrets.token_urlsafe(24) for party in wiring.parties(before).by_id}
    with ExitStack() as stack:
        own = _own_broker(options, folder, tell, stack) if not options.foreign else {}
        keys = _keys(folder, tokens) if options.signed else {}
        given = {**flags, **_given(f"{options.name}-{run}.", folder, tokens), **keys, **own}
        given |= _vault(folder) if options.encrypted else {"vault.database": ""}
        parts = Parts(origins.load(given), folder, tokens, given)
        if options.foreign:
            stack.callback(_clean_up, parts, options, tell)
        tell("Creating the topics")
        supervisor = machine.up(parts.settings, given, 1, tell, options.connectors)
        stack.callback(supervisor.stop, GRACE_S)
        tell("Starting the hub's processes")
        supervisor.start()
        yield parts
    if parts.leave is not Leave.ALL:
        gone = folder if parts.leave is Leave.NOTHING else folder / KAFKA
        shutil.rmtree(gone, ignore_errors=True)


def _own_broker(options: Options, folder: Path, tell: Tell, stack: ExitStack) -> dict[str, object]:
    cluster = Cluster.start(folder / KAFKA, options.brokers, progress=tell)
    stack.callback(cluster.stop, GRACE_S)
    return {
        "kafka.bootstrap": cluster.bootstrap,
        "kafka.security_protocol": "PLAINTEXT",
        "topic_prefix": "",
        "replication": options.brokers,
    }


def _keys(folder: Path, parties: Iterable[str]) -> dict[str, object]:
    """A key for each party, one for the mailbox and one for the seal."""
    registry, private, now = folder / "keys.toml", folder / "keys", datetime.now(UTC)
    for party in (*parties, HUB):
        issue(registry, private, [party], now)
    issue(registry, private, [HUB], now, use=Use.SEAL)
    return {"signatures.keys_file": str(registry), "signatures.private_keys": str(private)}


def _given(prefix: str, folder: Path, tokens: Mapping[str, str]) -> dict[str, object]:
    """What every process is told, whatever the environment or a settings file says."""
    door, mailbox = ports.free(2)
    holders = {digest(token): party for party, token in tokens.items()}
    return {
        "data_folder": str(folder),
        "topic_prefix": prefix,
        "file_drop.root": str(folder / "parties"),
        "file_drop.parties": list(tokens),
        "file_drop.mode": "lines",
        "file_drop.settle_ms": 0,
        "http_api.host": "127.0.0.1",
        "http_api.port": door,
        "http_api.tokens": holders,
        "backoffice.database": f"sqlite:///{folder / 'inbox.sqlite'}",
        "backoffice.parties": list(tokens),
        "mailbox.database": f"sqlite:///{folder / 'mailbox.sqlite'}",
        "mailbox.host": "127.0.0.1",
        "mailbox.parties": list(tokens),
        "mailbox.port": mailbox,
        "mailbox.tokens": holders,
        "ledger.database": f"sqlite:///{folder / 'ledger.sqlite'}",
        "log.format": "json",
    }


def _vault(folder: Path) -> dict[str, object]:
    """Keys of the run's own, and what wraps them."""
    file = folder / "vault_master_key"
    file.touch(mode=0o600)
    file.write_bytes(master_key())
    url = f"sqlite:///{folder / 'vault.sqlite'}"
    return {"vault.database": url, "vault.master_key_file": str(file)}


def _clean_up(parts: Parts, options: Options, tell: Tell) -> None:
    """Take our topics and groups off a broker that is not ours."""
    settings = parts.settings
    names = [settings.topic_prefix + topic.name for topic in wiring.declared_topics(settings)]
    group = wiring.group(settings)
    try:
        sinks = [f"{group}.{name}" for name in SINKS if name in options.connectors]
        sinks += [f"{group}.web.{party}{of}" for party in STAFF for of in ("", ".offers")]
        remove(parts.connection, names, [group, *sinks])
    except HubError as error:
        tell(f"Topics with the prefix {settings.topic_prefix} are left on the broker: {error}")
