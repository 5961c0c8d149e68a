"""docker-compose.yml brought up without containers: its commands and environments, as processes.

What a container sees under fixed paths and names lies in a folder of each service, on free ports
of this machine; nothing else is changed.
"""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final

from hub import processes
from hub.broker import java
from hub.broker.ports import free
from hub.errors import BrokerUnavailable
from hub.keeper import Child
from hub.processes import Process
from hub.settings import Kafka
from hub.streaming.admin import connected
from hub.supervisor import Supervisor
from tests.support.compose import ROOT, Service, compose
from tests.support.postgres import Postgres
from tests.support.waiting import until

HEAP_MB: Final = 512
ENDS_WITHIN_S: Final = 120
SOON_MS: Final = 2000
BROKER: Final = "kafka-1"
KAFKA_PORTS: Final = ("9092", "9093", "9094")
PORTS: Final = {
    "8090": "HUB_HTTP_API__PORT",
    "8091": "HUB_HSDS__PORT",
    "8092": "HUB_MAILBOX__PORT",
    "8093": "HUB_WEB__PORT",
    "8094": "HUB_MONITOR__PORT",
}
"""Where services answer in their containers, and what tells them otherwise here."""
_PATH: Final = re.compile(
    r"(?<![\w./])/(run/secrets|secrets|var/lib/kafka/data|tmp|data|parties)\b"
)
_PORT: Final = re.compile(rf"(?:(?<={BROKER}:)|(?<=://:)|(?<=127\.0\.0\.1:))(\d{{4}})\b")
_PROGRAMS: Final = Path(sys.executable).parent


class Deployment:
    """The services, each with a folder for what it writes and the secrets it is given."""

    def __init__(self, folder: Path, postgres: Postgres) -> None:
        """Nothing runs yet but the database server."""
        self.services = compose().services
        self._folder = folder
        self._postgres = postgres
        names = (*KAFKA_PORTS, *PORTS)
        self._ports = {name: str(port) for name, port in zip(names, free(len(names)), strict=True)}
        self._broker: Process | None = None

    @property
    def secrets(self) -> Path:
        """Where the operator has the secrets."""
        return self._folder / "host" / "secrets"

    def url(self, port: str) -> str:
        """Where this machine reaches what is published there."""
        return f"http://127.0.0.1:{self._ports[port]}"

    def connection(self, service: str) -> dict[str, Any]:
        """What kafka-python's clients take to connect as this service's user."""
        env = self.environment(service)
        told = {
            name.removeprefix("HUB_KAFKA__").removesuffix("_FILE").lower(): value
            for name, value in env.items()
            if name.startswith("HUB_KAFKA__") and name != "HUB_KAFKA__CA_FILE"
        }
        if "password" in told:
            told["password"] = Path(told["password"]).read_text("utf-8")
        return Kafka(ca_file=Path(env["HUB_KAFKA__CA_FILE"]), **told).kafka_python()

    def make_secrets(self) -> None:
        """What the operator does first; URLs then name the database server that runs here."""
        self.secrets.parent.mkdir()
        self.run("secrets", "host")
        for file in self.secrets.glob("*_database"):
            url = file.read_text("utf-8").replace("@postgres/", "@/")
            file.unlink()
            file.write_text(f"{url}?host={self._postgres.socket}", "utf-8")

    def make_databases(self) -> None:
        """What PostgreSQL's image does with our script."""
        service = self.services["postgres"]
        (script,) = (one.split(":")[0] for one in service.volumes if ".sh:" in one)
        self._give("postgres", service)
        self._end_well(
            ["sh", "-c", self._placed((ROOT / script).read_text("utf-8"), "postgres")],
            {**self.environment("postgres"), "PGHOST": str(self._postgres.socket)},
            self._home("postgres"),
        )

    def start_kafka(self) -> None:
        """What Apache's image does: its own program turns variables into properties, and formats.

        Returns when the operator is answered.
        """
        home = self._home(BROKER)
        self._give(BROKER, self.services[BROKER])
        folders = [home / name for name in ("defaults", "mounted", "final")]
        for folder in folders:
            folder.mkdir()
        words = ("--default-configs-dir", "--mounted-configs-dir", "--final-configs-dir")
        kafka = java.installed(java.CACHE, print)
        setting_up = [str(each) for pair in zip(words, folders, strict=True) for each in pair]
        env = self.environment(BROKER)
        main = "kafka.docker.KafkaDockerWrapper"
        wrapper = kafka.command(main, "setup", *setting_up, heap_mb=HEAP_MB, logs=home)
        self._end_well(wrapper, env, home)
        told = str(folders[-1] / "server.properties")
        serving = kafka.command("kafka.Kafka", told, heap_mb=HEAP_MB, logs=home)
        with self._console.open("wb") as console:
            self._broker = processes.spawn(serving, output=console, env=env, folder=home)
        self._give("operator", self.services["operator"])
        until(self._is_answered)

    def run(self, service: str, home: str = "", *words: str) -> str:
        """Run what ends by itself, with these words instead of its own; what it printed."""
        self._give(service, self.services[service], home)
        command = words or [
            self._placed(word, home or service) for word in self.services[service].command
        ]
        return self._end_well(
            _program(command), self.environment(service), self._home(home or service)
        )

    def lasting(self) -> Supervisor:
        """The hub's services that last, to be started by `with`; ended ones are started again."""
        children = []
        for name, service in self.services.items():
            if service.is_ours and service.is_lasting:
                self._give(name, service)
                here = ["env", "--chdir", str(self._home(name))]
                argv = [*here, *_program(service.command)]
                children.append(Child(name, argv, self.environment(name)))
        return Supervisor(children, self._folder / "logs", print)

    def is_healthy(self, service: str) -> bool:
        """What its own health check says."""
        kind, *words = self.services[service].healthcheck.test
        argv = ["sh", "-c", *words] if kind == "CMD-SHELL" else words
        placed = [self._placed(word, service) for word in argv]
        if service == BROKER:  # it looks at its own port
            placed = [word.replace("9092", self._ports["9092"]) for word in placed]
        return subprocess.run(placed, env=_with_programs({}), check=False).returncode == 0

    def stop_kafka(self) -> None:
        """End the broker at once, if it runs: its data is thrown away."""
        if self._broker:
            processes.kill(self._broker)

    def environment(self, service: str) -> dict[str, str]:
        """Its variables in the file, and its port."""
        one = self.services[service]
        given = {name: self._placed(value, service) for name, value in one.environment.items()}
        inside = [port.rpartition(":")[2] for port in one.ports]
        given |= {PORTS[port]: self._ports[port] for port in inside if port in PORTS}
        return _with_programs(given)

    def _placed(self, text: str, service: str) -> str:
        """A text of the file with paths, names and ports of this machine."""
        home = self._home(service)
        text = _PORT.sub(lambda found: self._ports.get(found[1], found[1]), text)
        text = text.replace(BROKER, "localhost").replace("0.0.0.0", "127.0.0.1")  # noqa: S104
        return _PATH.sub(lambda found: str(home / found[1]), text)

    @property
    def _console(self) -> Path:
        return self._home(BROKER) / "console.log"

    def _home(self, service: str) -> Path:
        return self._folder / service

    def _give(self, service: str, one: Service, home: str = "") -> None:
        """The service's folder, and the secrets that it is given, and no others."""
        place = self._home(home or service)
        for name in ("run/secrets", "var/lib/kafka/data", "tmp", "data", "parties"):
            (place / name).mkdir(parents=True, exist_ok=True)
        for secret in one.secrets:
            shutil.copyfile(self.secrets / secret, place / "run/secrets" / secret)

    def _is_answered(self) -> bool:
        assert self._broker is not None
        assert self._broker.poll() is None, self._console.read_text("utf-8")
        with suppress(BrokerUnavailable), connected(self.connection("operator"), SOON_MS):
            return True
        return False

    def _end_well(self, argv: list[str], env: dict[str, str], folder: Path) -> str:
        done = subprocess.run(
            argv, env=env, cwd=folder, capture_output=True, text=True, check=False,
            timeout=ENDS_WITHIN_S,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout


def _program(command: "tuple[str, ...] | list[str]") -> list[str]:
    return [str(_PROGRAMS / command[0]), *command[1:]]


def _with_programs(given: dict[str, str]) -> dict[str, str]:
    return {"PATH": f"{_PROGRAMS}{os.pathsep}{os.environ['PATH']}", **given}


@contextmanager
def deployed(folder: Path, postgres: Postgres) -> Iterator[Deployment]:
    """Secrets, broker, databases, topics and users, in the order of the file; no service yet."""
    made = Deployment(folder, postgres)
    try:
        made.make_secrets()
        made.make_databases()
        made.start_kafka()
        made.run("topics")
        made.run("users")
        yield made
    finally:
        made.stop_kafka()
