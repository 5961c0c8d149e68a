"""THE settings: one class, the only reader of the environment, built by `hub.origins.load`."""

import ssl
from pathlib import Path
from typing import Annotated, Any, Literal, Self, get_args

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    SecretStr,
    StringConstraints,
    ValidationInfo,
    field_validator,
    model_validator,
)
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from connectors.backoffice.options import Options as BackOffice
from connectors.file_drop.options import FileDropOptions as FileDrop
from connectors.http_api.options import Options as HttpApi
from connectors.mailbox.options import Options as Mailbox
from connectors.sql_outbox.options import Options as SqlOutbox
from connectors.webhook.options import Options as Webhook
from hub.audit.options import Options as Audit
from hub.hsds.options import Options as Hsds
from hub.log import ForeignLevel, Level, Style
from hub.membership.options import Options as Membership
from hub.monitor.options import Options as Monitor
from hub.settings_fields import NESTED, PREFIX
from hub.settings_sources import DEFAULT_FILE, Environment, settings_file
from hub.signing.options import Options as Signatures
from hub.stores.ledger.options import Options as Ledger
from hub.tracing.options import Options as Tracing
from hub.vault.options import Options as Vault
from hub.web.options import Options as Web

Seconds = Annotated[int, Field(ge=1, le=3600)]
Days = Annotated[int, Field(ge=1, le=3650)]
Listener = Literal["http_api", "mailbox", "hsds", "web", "monitor"]
"""What answers by HTTP: sections with a host."""


class Section(BaseModel):
    """Settings that belong together."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, use_attribute_docstrings=True, hide_input_in_errors=True
    )


class Kafka(Section):
    """How to reach the broker."""

    bootstrap: str = "127.0.0.1:9092"
    """Brokers to begin with: `host:port`, several with commas."""
    security_protocol: Literal["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"] = "PLAINTEXT"
    """How the connection is secured; in production `SASL_SSL`."""
    sasl_mechanism: Literal["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"] = "SCRAM-SHA-512"
    """How the hub proves who it is; counts only with `SASL_…`."""
    username: str | None = None
    """The hub's user; needed with `SASL_…`."""
    password: SecretStr | None = None
    """Its password; better in a file named by `password_file`."""
    ca_file: Path | None = None
    """Certificates (PEM) of who signed the broker's; without it the system's are trusted."""
    client_certificate: Path | None = None
    """The hub's own certificate and its key, one file (PEM), where the broker knows it by that."""

    @model_validator(mode="after")
    def _sasl_needs_a_user(self) -> Self:
        if self._sasl and (self.username is None or self.password is None):
            raise ValueError("username and password are needed with this security_protocol")
        return self

    @property
    def _sasl(self) -> bool:
        return self.security_protocol.startswith("SASL")

    def _common(self) -> dict[str, Any]:
        found: dict[str, Any] = {
            "bootstrap_servers": self.bootstrap,
            "security_protocol": self.security_protocol,
        }
        if self._sasl and self.password is not None:
            found |= {
                "sasl_mechanism": self.sasl_mechanism,
                "sasl_plain_username": self.username,
                "sasl_plain_password": self.password.get_secret_value(),
            }
        return found

    def kafka_python(self) -> dict[str, Any]:
        """What kafka-python's clients take to connect."""
        files = {"ssl_cafile": self.ca_file, "ssl_certfile": self.client_certificate}
        secured = self.security_protocol.endswith("SSL")
        given = {name: str(file) for name, file in files.items() if file and secured}
        return self._common() | given

    def aiokafka(self) -> dict[str, Any]:
        """What aiokafka's clients take to connect."""
        if not self.security_protocol.endswith("SSL"):
            return self._common()
        context = ssl.create_default_context(cafile=self.ca_file)
        if self.client_certificate is not None:
            context.load_cert_chain(self.client_certificate)
        return self._common() | {"ssl_context": context}


class Worker(Section):
    """How a worker runs its lanes."""

    group: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._-]{1,100}$")] = "kurze-wege"
    """The consumer group and the transactional ids, after `topic_prefix`."""
    instance: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._-]{1,100}$")] | None = None
    """This worker's own name, kept over restarts: after a crash it goes on at once (KIP-345)."""
    standby: bool = True
    """Whether to keep the memories of other workers' lanes warm, to take them over at once."""
    batch_events: Annotated[int, Field(ge=1, le=20_000)] = 1000
    """How many events a transaction may have."""
    session_timeout_s: Seconds = 10
    """After how many seconds of silence a worker's lanes go to another."""
    heartbeat_s: Seconds = 2
    """How often a worker says that it is there; at most a third of `session_timeout_s`."""
    transaction_timeout_s: Seconds = 40
    """After how many seconds the broker gives up a transaction."""
    step_timeout_s: Seconds = 20
    """How long one step of a lane may take before the worker ends itself."""
    watchdog_s: Seconds = 45
    """How long there may be events waiting and no progress before the worker ends itself."""
    max_age_days: Days = 30
    """How many days old an event may be when it comes in."""
    seen_days: Days = 31
    """How many days an event sent twice is recognised; more than `max_age_days`."""
    case_days: Days = 730
    """How many days after its last event the parties of a case are remembered."""
    remembered: Annotated[int, Field(ge=1000, le=10_000_000)] = 10_000
    """How many events, cases and offers a lane remembers at most; each takes some 360 bytes."""

    @model_validator(mode="after")
    def _timeouts_fit(self) -> Self:
        if self.heartbeat_s * 3 > self.session_timeout_s:
            raise ValueError("heartbeat_s may be at most a third of session_timeout_s")
        if self.step_timeout_s >= self.transaction_timeout_s:
            raise ValueError("step_timeout_s must be less than transaction_timeout_s")
        if self.seen_days <= self.max_age_days:
            raise ValueError(
                "seen_days must be more than max_age_days, else an event sent again late "
                "would be delivered twice"
            )
        return self


class Log(Section):
    """What is written to stderr."""

    level: Level = "INFO"
    """From which level on the hub's own lines are written."""
    foreign_level: ForeignLevel = "WARNING"
    """The same for libraries; never below INFO, because their DEBUG quotes events."""
    format: Style = "auto"
    """`console`, `json` (a line each), or `auto`: console on a terminal, else JSON."""


class Settings(BaseSettings):
    """Flags over environment over settings file over defaults."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_nested_delimiter=NESTED,
        nested_model_default_partial_update=True,
        extra="forbid",
        frozen=True,
        use_attribute_docstrings=True,
        hide_input_in_errors=True,
    )

    config: Path = DEFAULT_FILE
    """The settings file; also `--config`. It may be missing unless it is named."""
    topic_prefix: Annotated[str, StringConstraints(pattern=r"^([a-z0-9][a-z0-9.-]{0,30})?$")] = ""
    """Stands before every topic name, where the broker is shared with others."""
    replication: Annotated[int, Field(ge=1, le=9)] = 1
    """On how many brokers each record lies; 3 in production."""
    parties: Path | None = None
    """The registry of parties; without it the one of the district that comes with the hub."""
    data_folder: Path = Path(".kurze-wege")
    """Where local state lies: the embedded broker's data, SQLite files, demo folders."""
    alive_file: Path | None = None
    """A file that a process touches each second while it turns, for health checks; none: none."""
    kafka: Kafka = Kafka()
    """How to reach the broker."""
    worker: Worker = Worker()
    """How a worker runs its lanes."""
    signatures: Signatures = Signatures()
    """Who signs with which keys."""
    file_drop: FileDrop = FileDrop(root=Path(".kurze-wege/parties"))
    """The door for files."""
    http_api: HttpApi = HttpApi()
    """The door for HTTP."""
    sql_outbox: SqlOutbox = SqlOutbox()
    """The door for events in a party's own database."""
    backoffice: BackOffice = BackOffice()
    """The inbox tables."""
    webhook: Webhook = Webhook()
    """The sink that calls parties with their deliveries."""
    mailbox: Mailbox = Mailbox()
    """The mailboxes of parties that collect their deliveries."""
    ledger: Ledger = Ledger()
    """The ledger's tables, and who signs statements."""
    vault: Vault = Vault()
    """The keys of subjects: what is said of a person is encrypted with one, and erased with it."""
    hsds: Hsds = Hsds()
    """The open directory of support offers."""
    web: Web = Web()
    """One party's back office."""
    audit: Audit = Audit()
    """Where it is written down who has seen or changed what."""
    membership: Membership = Membership()
    """How parties are taken in, and what they are told."""
    monitor: Monitor = Monitor()
    """Who watches whether events move, and whom it tells."""
    tracing: Tracing = Tracing()
    """Where the spans of events are sent."""
    log: Log = Log()
    """What is written to stderr."""
    unprotected_listeners: Annotated[tuple[Listener, ...], Field(validate_default=True)] = ()
    """What others may reach without TLS, or without being asked who they are; the second word."""

    @field_validator("unprotected_listeners")
    @classmethod
    def _named_twice(
        cls, named: tuple[Listener, ...], info: ValidationInfo
    ) -> tuple[Listener, ...]:
        # Sections that are wrong themselves are not among the data.
        opened = {one for one in get_args(Listener) if one in info.data and info.data[one].is_open}
        if unnamed := ", ".join(sorted(opened.difference(named))):
            raise ValueError(
                f"others would reach {unnamed} without TLS or without being asked who they are; "
                f"if that is to be so, name it here too, beside its allow_public"
            )
        return named

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Flags, environment, settings file: the first that says something counts."""
        del env_settings, dotenv_settings, file_secret_settings
        environment = Environment(settings_cls)
        file = settings_file(settings_cls, init_settings(), environment)
        return init_settings, environment, file
