"""A hub as in production on this machine: a secured Kafka, users, parties, workers and doors."""

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from importlib import resources
from pathlib import Path
from typing import Any, Final

import httpx

from hub import machine, origins, wiring
from hub.broker.cluster import Cluster
from hub.broker.errors import DownloadFailed
from hub.broker.ports import free
from hub.errors import MissingPart
from hub.keeper import Child
from hub.members.members import Members
from hub.settings import Settings
from hub.streaming import users
from hub.supervisor import Supervisor
from hub.users.roles import User
from tests.matrix.at_the_broker import There
from tests.support.membership import read
from tests.support.parts import missing
from tests.support.waiting import until

PREFIX: Final = "m."
PATIENCE_S: Final = 120
OPEN_WITHIN_S: Final = 300
"""Six processes start at the same time, perhaps on a busy machine."""
OFFICE: Final = "kfb"
"""Not a town: it takes other referrals."""
PARTS: Final = {
    "worker": ("worker", ("worker",)),
    "http_api": ("door", ("connect", "http_api")),
    "mailbox": ("mailbox", ("connect", "mailbox")),
    "ledger": ("ledger", ("connect", "ledger")),
    "hsds": (None, ("connect", "hsds")),
    "monitor": ("monitor", ("monitor",)),
}
"""Each process: as which user it comes, and the command."""
PORTS: Final = ("http_api", "mailbox", "hsds", "monitor")
Tell = Callable[[str], None]


@dataclass(slots=True)
class Site:
    """What there is, and what everybody holds."""

    kafka: Cluster
    settings: Settings
    folder: Path
    parties: tuple[str, ...]
    ports: dict[str, int]
    sheets: dict[str, dict[str, str]] = field(default_factory=dict)
    """Of each party what its sheet says."""
    passwords: dict[str, str] = field(default_factory=dict)
    """Of the hub's own users."""

    def declared(self) -> tuple[User, ...]:
        """Everybody who may come to the broker."""
        return tuple(one for one in wiring.declared_users(self.settings) if not one.is_over)

    def party_of(self, user: User) -> str | None:
        """Whose user it is; None: the hub's own."""
        found = [party for party, sheet in self.sheets.items() if sheet["user"] == user.name]
        return found[0] if found else None

    def connection(self, user: User) -> dict[str, Any]:
        """What kafka-python's clients take to come as this user."""
        party = self.party_of(user)
        word = self.sheets[party]["password"] if party else self.passwords[user.name]
        return self.as_user(user.name, word)

    def as_user(self, name: str, password: str) -> dict[str, Any]:
        """The same for any name and password."""
        assert self.kafka.security is not None
        client = self.kafka.security.client(name, password)
        return {"bootstrap_servers": self.kafka.bootstrap, **client}

    def there(self) -> There:
        """What is at the broker; what nobody made yet is among it."""
        prefix, group = self.settings.topic_prefix, wiring.group(self.settings)
        topics = [prefix + one.name for one in wiring.declared_topics(self.settings)]
        own = [f"{prefix}party.{party}.probe" for party in self.parties]
        return There(
            topics=[*topics, f"{prefix}referrals.new", "of-somebody-else"],
            groups=[group, f"{group}.backoffice", f"{group}.ledger", *own, "of-somebody-else"],
            transactions=[f"{group}.probe", "of-somebody-else"],
        )

    def url(self, part: str) -> str:
        """Where this part answers."""
        return f"http://127.0.0.1:{self.ports[part]}"

    def members(self) -> Members:
        """What the operator does with parties, now."""
        return Members(self.settings, datetime.now(UTC))


@contextmanager
def site(folder: Path, parties: Sequence[str], tell: Tell) -> Iterator[Site]:
    """Everything made and running; ended at the end."""
    registry = folder / "parties.toml"
    registry.write_text(_registry(parties), "utf-8")
    with _kafka(folder / "kafka", tell) as kafka:
        made = _made(kafka, folder, registry, tuple(parties))
        tell(f"Taking in {len(parties)} parties")
        for party in parties:
            made.sheets[party] = read(made.members().add(party, None))
        children = [_child(made, name) for name in PARTS]
        with Supervisor(children, folder / "logs", lambda _: None):
            for part in PORTS:
                until(partial(_answers, made.url(part)), within_s=OPEN_WITHIN_S)
            yield made


def _kafka(folder: Path, tell: Tell) -> Cluster:
    """As in production; a part that cannot be had here is `missing`."""
    try:
        return Cluster.start(folder, progress=tell, secured=True)
    except (MissingPart, DownloadFailed) as error:
        missing("Apache Kafka", f"{error}; {error.remedy}")


def _registry(parties: Sequence[str]) -> str:
    """The district's own registry with these parties only."""
    head, *blocks = (resources.files("hub") / "parties.toml").read_text("utf-8").split("[[party]]")
    kept = [one for one in blocks if any(f'id = "{party}"' in one for party in parties)]
    return "[[party]]".join([head, *kept])


def _made(kafka: Cluster, folder: Path, registry: Path, parties: tuple[str, ...]) -> Site:
    """Topics and the hub's own users, as the operator makes them."""
    assert kafka.security is not None
    ports = dict(zip(PORTS, free(len(PORTS)), strict=True))
    given: dict[str, object] = {
        "topic_prefix": PREFIX,
        "parties": str(registry),
        "data_folder": str(folder),
        "kafka.bootstrap": kafka.bootstrap,
        "kafka.security_protocol": "SASL_SSL",
        "kafka.username": "hub",
        "kafka.password": kafka.security.password_file.read_text("utf-8"),
        "kafka.ca_file": str(kafka.security.ca_file),
        "membership.folder": str(folder / "secrets"),
        "http_api.tokens_file": str(folder / "secrets" / "http_tokens"),
        "mailbox.tokens_file": str(folder / "secrets" / "mailbox_tokens"),
        "mailbox.parties": ",".join(parties),
        **{f"{part}.database": f"sqlite:///{folder / part}.sqlite" for part in DATABASES},
        **{f"{part}.port": str(port) for part, port in ports.items()},
        "monitor.state": str(folder / "monitor.json"),
    }
    settings = origins.load(given)
    machine.apply_topics(settings)
    declared = wiring.process_users(settings)
    words = {user.name: f"invented-password-of-{user.role}" for user in declared}
    users.apply(settings.kafka.kafka_python(), declared, words)
    return Site(kafka, settings, folder, parties, ports, passwords=words)


DATABASES: Final = ("mailbox", "ledger", "hsds")


def _child(site: Site, name: str) -> Child:
    """A process of the hub, told what it needs by its environment, as its own user."""
    role, words = PARTS[name]
    settings = site.settings
    given: dict[str, object] = {
        "topic_prefix": settings.topic_prefix,
        "parties": str(settings.parties),
        "data_folder": str(site.folder),
        "kafka.bootstrap": settings.kafka.bootstrap,
        "http_api.tokens_file": str(settings.http_api.tokens_file),
        "mailbox.tokens_file": str(settings.mailbox.tokens_file),
        "mailbox.parties": ",".join(site.parties),
        "monitor.state": str(settings.monitor.state),
        **{f"{part}.database": f"sqlite:///{site.folder / part}.sqlite" for part in DATABASES},
        **{f"{part}.port": str(port) for part, port in site.ports.items()},
    }
    if role:
        user = PREFIX + role
        given |= {
            "kafka.security_protocol": "SASL_SSL",
            "kafka.username": user,
            "kafka.password": site.passwords[user],
            "kafka.ca_file": str(settings.kafka.ca_file),
        }
    env = {**machine.environment(given), "HUB_WORKER__INSTANCE": name, "NO_COLOR": "1"}
    return Child(name, [sys.executable, "-m", "hub", *words], env)


def _answers(url: str) -> bool:
    try:
        return httpx.get(url, timeout=PATIENCE_S).status_code < 500
    except httpx.TransportError:
        return False
