"""What the monitor needs to know: how often it looks, what lasts too long, whom it tells."""

from datetime import timedelta
from pathlib import Path
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, SecretStr, StringConstraints, model_validator

from connectors.listening import is_loopback, is_open, require_word
from hub.access.options import AccountOptions, known_database
from hub.language import Language
from hub.monitor.limits import Limits
from schemas.model import Frozen

Seconds = Annotated[int, Field(ge=1, le=86_400)]
Address = Annotated[str, StringConstraints(pattern=r"^[^\s@,<>]+@[^\s@,<>]+$")]


class Mail(Frozen):
    """Alerts by mail."""

    host: str | None = None
    """The mail server; without it no mail is sent."""
    port: Annotated[int, Field(ge=1, le=65535)] = 587
    """Its port."""
    security: Literal["starttls", "tls", "none"] = "starttls"
    """How the connection is secured; `none` only to a server on this machine."""
    username: str | None = None
    """The user, where the server wants one."""
    password: SecretStr | None = None
    """The user's password; better in a file named by `password_file`."""
    sender: Address = "hub@localhost"
    """The address mails come from."""
    recipients: tuple[Address, ...] = ()
    """Who gets them."""

    @model_validator(mode="after")
    def _is_usable(self) -> Self:
        if self.host is not None and not self.recipients:
            raise ValueError("recipients are needed: nobody would get the mails")
        if self.host is not None and self.security == "none" and not is_loopback(self.host):
            raise ValueError("security none is for a mail server on this machine only")
        return self


class Webhook(Frozen):
    """Alerts by HTTP."""

    url: Annotated[str, StringConstraints(pattern=r"^(https?://[^\s]+)?$")] = ""
    """The address that alerts are posted to as JSON; empty: none."""
    token: SecretStr | None = None
    """Sent as `Authorization: Bearer …`; better in a file named by `token_file`."""

    @model_validator(mode="after")
    def _is_encrypted(self) -> Self:
        address = urlsplit(self.url)
        if address.scheme == "http" and not is_loopback(address.hostname or ""):
            raise ValueError("url must begin with https:// unless it is on this machine")
        return self


class Accounts(AccountOptions):
    """Who may sign in at the board, to work the dead letters there."""

    database: Annotated[SecretStr, AfterValidator(known_database)] | None = None
    """The operators' accounts: `sqlite:///FILE` or `postgresql://…`; none: the board only shows."""


class Probe(Frozen):
    """Probes through each door to its inboxes."""

    every_s: Annotated[int, Field(ge=0, le=86_400)] = 0
    """How often `hub monitor` sends probes through every door; 0: never."""
    within_s: Annotated[int, Field(ge=5, le=3600)] = 60
    """How long a probe may take before it is called stuck."""
    token: SecretStr | None = None
    """The token of `hub` at the HTTP door; better in a file named by `token_file`."""
    http_url: Annotated[str, StringConstraints(pattern=r"^(https?://[^\s]+)?$")] = ""
    """The HTTP door's address, as a party calls it; empty: `http_api.host` and `port`."""
    ca_file: Path | None = None
    """Certificates (PEM) of who signed the HTTP door's; without it the system's are trusted."""
    sql_outbox: bool = False
    """Whether a row may be written into the party's outbox, and deleted again, for a probe."""

    @model_validator(mode="after")
    def _is_encrypted(self) -> Self:
        address = urlsplit(self.http_url)
        if address.scheme == "http" and not is_loopback(address.hostname or ""):
            raise ValueError("http_url must begin with https:// unless it is on this machine")
        return self


class Options(Frozen):
    """How `hub monitor` works, and where `hub lag` finds it."""

    host: str = "127.0.0.1"
    """The address it is read at; one that others reach must be said twice."""
    port: Annotated[int, Field(ge=0, le=65535)] = 8094
    """Its port; 0: any that is free."""
    allow_public: bool = False
    """Listen for others, who then read parties, groups and case numbers; the first of two words."""
    cluster: str = "kurze-wege"
    """The label `cluster_name` of the metrics."""
    poll_s: Annotated[int, Field(ge=1, le=20)] = 5
    """How often it looks at the broker; an alert takes two looks."""
    state: Path = Path(".kurze-wege/monitor.json")
    """The file that keeps what it knows over a restart."""
    language: Language = Language.GERMAN
    """The language of alerts and of `hub lag`: `de` or `en`."""
    stop_after_s: Seconds = 20
    """How long an event may wait while nobody reads."""
    stall_after_s: Seconds = 20
    """How long an event may wait while its reader is there and does not move."""
    absent_after_s: Seconds = 120
    """How long there may be no worker while nothing waits."""
    blocked_after_s: Seconds = 60
    """How long a transaction may stay open; more than `worker.transaction_timeout_s`."""
    behind_after_s: Seconds = 300
    """How long an event may wait while its reader moves."""
    watch_senders: bool = True
    """Whether parties that fall silent are missed; needs the ledger's tables."""
    mail: Mail = Mail()
    """Alerts by mail."""
    webhook: Webhook = Webhook()
    """Alerts by HTTP."""
    accounts: Accounts = Accounts()
    """Who may sign in at the board."""
    probe: Probe = Probe()
    """Probes through each door to its inboxes."""

    @model_validator(mode="after")
    def _public_only_by_name(self) -> Self:
        if self.is_open:
            require_word(
                allow_public=self.allow_public,
                danger="the monitor asks nobody who they are",
                instead="listen on 127.0.0.1 behind a proxy that does, by TLS",
            )
        return self

    @model_validator(mode="after")
    def _letters_only_encrypted(self) -> Self:
        is_here = is_loopback(self.host) or self.accounts.public_url.startswith("https://")
        if self.accounts.database is not None and not is_here:
            raise ValueError(
                "host is a public address, and sessions and letters would travel unencrypted: "
                "set accounts.public_url to the https:// address of the proxy in front of it"
            )
        return self

    @property
    def is_open(self) -> bool:
        """Whether others than this machine reach it."""
        return is_open(self.host, encrypted=False, authenticated=False)

    @property
    def limits(self) -> Limits:
        """The times after which a state is found."""
        return Limits(
            stop_after=timedelta(seconds=self.stop_after_s),
            stall_after=timedelta(seconds=self.stall_after_s),
            absent_after=timedelta(seconds=self.absent_after_s),
            blocked_after=timedelta(seconds=self.blocked_after_s),
            behind_after=timedelta(seconds=self.behind_after_s),
        )
