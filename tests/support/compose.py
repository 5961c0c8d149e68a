"""docker-compose.yml as it is meant: read strictly, its variables filled in."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Final, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

ROOT: Final = Path(__file__).parents[2]
FILE: Final = ROOT / "docker-compose.yml"
THREE_BROKERS: Final = ROOT / "hub" / "deployment" / "three-brokers.env"
_VARIABLE: Final = re.compile(r"\$\{([A-Z_]+):-([^}]*)\}")

Pinned = Annotated[
    str,
    StringConstraints(
        pattern=r"^(kurze-wege|[a-z/]+:v?\d+\.\d+\.?\d*(-[a-z]+)?(@sha256:[0-9a-f]{64})?)$"
    ),
]
"""Our own image, or one with its version; its digest may stand behind it."""
Loopback = Annotated[str, StringConstraints(pattern=r"^127\.0\.0\.1:\d+:\d+$")]
NotRoot = Annotated[str, StringConstraints(pattern=r"^[1-9]\d*:\d+$")]
Seconds = Annotated[str, StringConstraints(pattern=r"^\d+s$")]


class Strict(BaseModel):
    """What is not known here is a mistake there."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Build(Strict):
    """How our image is made."""

    context: Literal["."]
    dockerfile_inline: str


class HealthCheck(Strict):
    """How Docker sees that a container works."""

    test: tuple[str, ...] = ()
    disable: bool = False
    interval: Seconds | None = None
    timeout: Seconds | None = None
    retries: int | None = None
    start_period: Seconds | None = None
    start_interval: Seconds | None = None


class Need(Strict):
    """What must be so of another service before this one starts."""

    condition: Literal["service_healthy", "service_completed_successfully"]


class Service(Strict):
    """One container, with what all of them must have."""

    image: Pinned
    user: NotRoot
    read_only: Literal[True]
    cap_drop: tuple[Literal["ALL"]]
    security_opt: tuple[Literal["no-new-privileges:true"]]
    healthcheck: HealthCheck
    tmpfs: tuple[str, ...]
    logging: dict[str, str]
    restart: Literal["unless-stopped", "on-failure", "no"]
    build: Build | None = None
    command: tuple[str, ...] = ()
    environment: Mapping[str, str] = Field(default_factory=dict)
    secrets: tuple[str, ...] = ()
    volumes: tuple[str, ...] = ()
    ports: tuple[Loopback, ...] = ()
    profiles: tuple[str, ...] = ()
    depends_on: Mapping[str, Need] = Field(default_factory=dict)
    network_mode: Literal["none"] | None = None
    stop_grace_period: Seconds | None = None

    @property
    def is_ours(self) -> bool:
        """Whether the hub runs in it."""
        return self.image == "kurze-wege"

    @property
    def is_lasting(self) -> bool:
        """Whether it runs until it is told to stop."""
        return self.restart == "unless-stopped"


class Secret(Strict):
    """Where a secret lies on the host."""

    file: str


class Compose(BaseModel):
    """The whole file, without the parts that only others refer to."""

    model_config = ConfigDict(frozen=True)

    services: Mapping[str, Service]
    secrets: Mapping[str, Secret]
    volumes: Mapping[str, None]


def compose(variables: Mapping[str, str] | None = None) -> Compose:
    """The file with these variables; those that are not named have their defaults."""
    return Compose.model_validate(_filled(yaml.safe_load(FILE.read_text("utf-8")), variables or {}))


def _filled(read: Any, variables: Mapping[str, str]) -> Any:  # noqa: ANN401 - a tree of YAML
    """Every text in it with the variables' values, as Compose does it."""
    if isinstance(read, dict):
        return {key: _filled(value, variables) for key, value in read.items()}
    if isinstance(read, list):
        return [_filled(value, variables) for value in read]
    if isinstance(read, str):
        return _VARIABLE.sub(lambda found: variables.get(found[1], found[2]), read)
    return read


def three_brokers() -> dict[str, str]:
    """The variables of the profile with three brokers."""
    lines = THREE_BROKERS.read_text("utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines if not line.startswith("#"))
