"""What the mailbox needs to know: whose deliveries, kept where, and who may collect them."""

from typing import Annotated, Final

from pydantic import Field, SecretStr, field_validator

from connectors.callers.options import DoorOptions, PartyLimits
from schemas.model import PartyId

DIALECTS: Final = ("sqlite", "postgresql")
Days = Annotated[int, Field(ge=1, le=3650)]


class Options(DoorOptions):
    """Settings of the mailbox."""

    port: Annotated[int, Field(ge=0, le=65535)] = 8092
    """The TCP port; 0 takes a free one."""
    database: SecretStr = SecretStr("sqlite:///.kurze-wege/mailbox.sqlite")
    """The items' database: `sqlite:///FILE` or `postgresql://USER:PASSWORD@HOST/NAME`."""
    parties: Annotated[tuple[PartyId, ...], Field(max_length=1000)] = ()
    """Who has a mailbox here."""
    party_limits: dict[PartyId, PartyLimits] = Field(default={})
    """Other limits for some: `{"kfb": {"requests_per_minute": 60000}}`."""
    max_waiting: Annotated[int, Field(ge=0)] = 64
    """How many requests may wait for new items at once; one more is answered at once."""
    max_waiting_per_party: Annotated[int, Field(ge=0)] = 8
    """How many of one party, so that it leaves room for others."""
    longest_wait_s: Annotated[int, Field(ge=0, le=600)] = 60
    """How long a request may wait for new items."""
    expire_days: Days = 30
    """After how many days the content of an item that nobody acknowledged is erased."""
    keep_days: Days = 90
    """How many days it is remembered that an item was acknowledged or has expired."""

    @field_validator("database")
    @classmethod
    def _is_known(cls, database: SecretStr) -> SecretStr:
        scheme, separator, _ = database.get_secret_value().partition("://")
        if not separator or scheme.partition("+")[0] not in DIALECTS:
            raise ValueError("give sqlite:///FILE or postgresql://USER:PASSWORD@HOST/NAME")
        return database
