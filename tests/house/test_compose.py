"""docker-compose.yml runs commands and sets settings that exist, and leaves nothing open."""

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from hub import wiring
from hub.broker.jars import KAFKA_VERSION
from hub.deployment import secrets, signing_keys
from hub.settings import Settings
from hub.settings_fields import every_setting, secret_paths, variable
from hub.streaming.topic_plan import COPIES_WITH_QUORUM
from tests.support.compose import FILE, ROOT, compose, three_brokers

COMPOSE = compose()
OURS = {name: one for name, one in COMPOSE.services.items() if one.is_ours}
KAFKAS = {name: one for name, one in COMPOSE.services.items() if name.startswith("kafka")}
LASTING = [name for name, one in COMPOSE.services.items() if one.is_lasting]
TEXT = FILE.read_text("utf-8")
PYTHON = r"python:3\.11\.\d+-slim-[a-z]+(?:@sha256:[0-9a-f]{64})?"
"""Down to the patch and the system; a mirror's digest may stand behind it."""
CONNECTED = [name for name, one in OURS.items() if "HUB_KAFKA__USERNAME" in one.environment]


@pytest.mark.parametrize("service", OURS)
def test_each_service_runs_a_command_of_the_hub(service: str) -> None:
    """The command line knows what the service is told to run."""
    from hub.cli import app  # noqa: PLC0415 - the command line is built by its import

    program, *words = OURS[service].command
    command: Any = get_command(app)

    assert program == "hub"
    for word in words:
        commands = getattr(command, "commands", None)
        if commands is None or word.startswith("--"):
            break
        assert word in commands
        command = commands[word]


@pytest.mark.parametrize("service", OURS)
def test_each_service_sets_settings_that_exist(service: str) -> None:
    """No variable is misspelt: it would be ignored by everyone but the reader."""
    secret = {f"{variable(path)}_FILE" for path in secret_paths(Settings)}
    known = {one.variable for one in every_setting(Settings)} | secret

    assert OURS[service].environment.keys() - known == set()


@pytest.mark.parametrize("service", LASTING)
def test_whatever_lasts_has_a_health_check(service: str) -> None:
    """Docker sees of each service whether it works."""
    check = COMPOSE.services[service].healthcheck

    assert check.test[0] in ("CMD", "CMD-SHELL")
    assert check.interval is not None
    assert check.timeout is not None


def test_no_secret_stands_in_the_file() -> None:
    """Passwords and keys lie in files; none is set by its value, and none has a default."""
    secret = {variable(path) for path in secret_paths(Settings)}
    for one in COMPOSE.services.values():
        assert one.environment.keys() & secret == set()
        named = {name for name in one.environment if "PASSWORD" in name}
        assert {name for name in named if not name.endswith("_FILE")} == set()
    assert "password=" not in TEXT.lower()


@pytest.mark.parametrize("service", COMPOSE.services)
def test_each_service_is_given_the_secrets_it_reads(service: str) -> None:
    """A file below /run/secrets that a setting names is mounted, and no other."""
    one = COMPOSE.services[service]
    words = " ".join([*one.environment.values(), *one.command])
    read = set(re.findall(r"/run/secrets/(\w+)", words))
    if service == "users":
        read |= {f"{user.role}_password" for user in wiring.process_users(Settings())}
    if service == "postgres":
        read |= {f"{name}_database_password" for name in secrets.DATABASES}

    assert set(one.secrets) == read


def test_every_secret_is_made_by_the_hub(tmp_path: Path) -> None:
    """`hub secrets make` makes just the files that the services are given."""
    made = secrets.make(tmp_path, wiring.process_users(Settings()))
    keys = signing_keys.wanted(wiring.parties(Settings()).by_id, "kfb")
    made += signing_keys.make(tmp_path, keys, datetime.now(UTC))

    assert {name: one.file for name, one in COMPOSE.secrets.items()} == {
        name: f"./secrets/{name}" for name in made
    }


@pytest.mark.parametrize("service", CONNECTED)
def test_each_service_comes_as_a_user_of_its_own_kind(service: str) -> None:
    """The list of users says that what the service runs comes as this user."""
    one = OURS[service]
    says = {user.role: user.says for user in wiring.process_users(Settings())}
    name = one.command[-1] if one.command[1] == "connect" else " ".join(one.command)

    assert f"`{name}`" in says[one.environment["HUB_KAFKA__USERNAME"]]


def test_volumes_and_needs_exist() -> None:
    """What is mounted and who is waited for is there."""
    for one in COMPOSE.services.values():
        for source in (volume.split(":")[0] for volume in one.volumes):
            local = source.startswith("./") and source != "./secrets"
            assert (ROOT / source).exists() if local else source in {*COMPOSE.volumes, "./secrets"}
        assert one.depends_on.keys() <= COMPOSE.services.keys()


def test_postgres_is_told_every_database() -> None:
    """The databases that have secrets are made."""
    told = COMPOSE.services["postgres"].environment["HUB_DATABASES"].split()

    assert tuple(told) == secrets.DATABASES


def test_the_image_is_what_the_lock_says() -> None:
    """It is made by the uv of the lock, as a user that is not root, and of the tested Python.

    Nothing goes in that is not pinned: its base to the patch, its packages by the lock's sums.
    """
    (build,) = {one.build for one in OURS.values()}
    assert build is not None
    made = build.dockerfile_inline
    (uv,) = re.findall(r'name = "uv"\nversion = "([\d.]+)"', (ROOT / "uv.lock").read_text("utf-8"))

    assert f"uv=={uv}\n" in made
    bases = re.findall(r"^FROM (.+?)(?: AS \w+)?$", made, re.MULTILINE)
    assert len(bases) == 2
    assert [one for one in bases if not re.fullmatch(PYTHON, one)] == []
    installs = re.findall(r"^RUN .*\b(?:pip install|uv sync)\b.*$", made, re.MULTILINE)
    assert [one for one in installs if "==" not in one and "--frozen" not in one] == []
    assert not re.search(r"\b(?:apt-get|curl|wget|ADD)\b", made)
    assert "USER 10001:10001" in made
    assert {one.user for one in OURS.values()} == {"10001:10001"}


def test_the_parts_that_are_listed_are_the_images() -> None:
    """`make sbom` lists what the image is made of, the same extras and no others."""
    (build,) = {one.build for one in OURS.values()}
    assert build is not None
    image = re.findall(r"uv sync .*", build.dockerfile_inline)
    (listed,) = re.findall(r"--no-default-groups .*", (ROOT / "Makefile").read_text("utf-8"))
    extras = {tuple(re.findall(r"--extra (\w+)", line)) for line in (*image, listed)}

    assert extras == {("postgres", "tracing")}


def test_kafka_is_the_tested_one() -> None:
    """The brokers are of the version that tests and demo run on."""
    assert {one.image for one in KAFKAS.values()} == {f"apache/kafka:{KAFKA_VERSION}"}


def test_three_brokers_are_told_of_each_other() -> None:
    """The profile names every broker to voters and clients, and asks for three copies."""
    variables = three_brokers()
    brokers = [f"kafka-{number}" for number in (1, 2, 3)]
    services = compose(variables).services

    assert set(variables) - {"COMPOSE_PROFILES"} <= set(re.findall(r"\$\{([A-Z_]+):-", TEXT))
    for number, name in enumerate(brokers, start=1):
        told = services[name].environment
        assert told["KAFKA_NODE_ID"] == str(number)
        voters = ",".join(f"{n}@{one}:9093" for n, one in enumerate(brokers, start=1))
        assert told["KAFKA_CONTROLLER_QUORUM_VOTERS"] == voters
        assert told["KAFKA_ADVERTISED_LISTENERS"] == f"CLIENTS://{name}:9092,BROKERS://{name}:9094"
        copies = {value for key, value in told.items() if key.endswith("REPLICATION_FACTOR")}
        least = {
            value for key, value in told.items() if key.endswith(("MIN_ISR", "INSYNC_REPLICAS"))
        }
        assert (copies, least) == ({"3"}, {"2"})
    assert services["topics"].environment["HUB_REPLICATION"] == str(COPIES_WITH_QUORUM)
    for one in services.values():
        if "HUB_KAFKA__BOOTSTRAP" in one.environment:
            port = 9094 if "HUB_KAFKA__CLIENT_CERTIFICATE" in one.environment else 9092
            reached = ",".join(f"{broker}:{port}" for broker in brokers)
            assert one.environment["HUB_KAFKA__BOOTSTRAP"] == reached
    assert set(brokers) <= set(secrets.HOSTS)


def test_one_broker_needs_no_other() -> None:
    """Without the profile only the first broker starts, and nobody waits for the others."""
    assert {name: one.profiles for name, one in KAFKAS.items()} == {
        "kafka-1": (), "kafka-2": ("three",), "kafka-3": ("three",),
    }  # fmt: skip
    for one in COMPOSE.services.values():
        assert not {"kafka-2", "kafka-3"} & one.depends_on.keys()
