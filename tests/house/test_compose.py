"""docker-compose.yml runs commands and sets settings that exist."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.main import get_command

from hub.settings import Settings
from hub.settings_fields import every_setting

COMPOSE: dict[str, Any] = yaml.safe_load(Path("docker-compose.yml").read_text(encoding="utf-8"))
OURS = {name: one for name, one in COMPOSE["services"].items() if one["image"] == "kurze-wege"}


@pytest.mark.parametrize("service", OURS)
def test_each_service_runs_a_command_of_the_hub(service: str) -> None:
    """The command line knows what the service is told to run."""
    from hub.cli import app  # noqa: PLC0415 - the command line is built by its import

    program, *words = OURS[service]["command"]
    command: Any = get_command(app)

    assert program == "hub"
    for word in words:
        commands = getattr(command, "commands", None)
        if commands is None:
            break
        assert word in commands
        command = commands[word]


@pytest.mark.parametrize("service", OURS)
def test_each_service_sets_settings_that_exist(service: str) -> None:
    """No variable is misspelt: it would be ignored by everyone but the reader."""
    known = {one.variable for one in every_setting(Settings)}
    given = {name for name in OURS[service]["environment"] if name.startswith("HUB_")}

    assert [n for n in given if n not in known and n.removesuffix("_FILE") not in known] == []


def test_nothing_is_published_beyond_loopback() -> None:
    """A port is open to this host only, and no secret stands in the file."""
    ports = [port for one in COMPOSE["services"].values() for port in one.get("ports", ())]

    assert all(port.startswith("127.0.0.1:") for port in ports)
    settings = [name for one in COMPOSE["services"].values() for name in one.get("environment", ())]
    assert [name for name in settings if name.endswith("PASSWORD")] == []


def test_the_image_is_read_only_and_not_root() -> None:
    """The hub's containers write nothing and have no privileges."""
    assert all(one["read_only"] for one in OURS.values())
    assert "USER hub" in COMPOSE["x-hub"]["build"]["dockerfile_inline"]
