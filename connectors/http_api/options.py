"""What the HTTP door needs to know: where it listens, who may send, and how much."""

from typing import Annotated, Self

from pydantic import Field, model_validator

from connectors.callers import options as callers
from connectors.callers.options import DoorOptions
from schemas.model import PartyId

SECONDS_A_MINUTE = 60
Seconds = Annotated[float, Field(gt=0, le=600)]


class PartyLimits(callers.PartyLimits):
    """Limits of one party's own; what is left out is as for everybody."""

    events_per_minute: Annotated[int | None, Field(ge=1)] = None
    """How many events it may send in a minute."""
    bytes_per_minute: Annotated[int | None, Field(ge=64 * 1024)] = None
    """How many bytes the bodies of its requests may have in a minute."""


class Options(DoorOptions):
    """Settings of the HTTP door."""

    port: Annotated[int, Field(ge=0, le=65535)] = 8090
    """The TCP port; 0 takes a free one."""
    max_body_bytes: Annotated[int, Field(ge=64 * 1024, le=64 * 1024 * 1024)] = 1024 * 1024
    """What the body of a request may weigh; one event may weigh 64 KiB."""
    max_batch: Annotated[int, Field(ge=1, le=10_000)] = 100
    """How many events a batch may have."""
    events_per_minute: Annotated[int, Field(ge=1)] = 6_000
    """How many events a party may send in a minute, refused ones included."""
    bytes_per_minute: Annotated[int, Field(ge=64 * 1024)] = 64 * 1024 * 1024
    """How many bytes the bodies of a party's requests may have in a minute."""
    party_limits: dict[PartyId, PartyLimits] = Field(default={})
    """Other limits for some: `{"kfb": {"events_per_minute": 60000}}`."""
    max_open_requests: Annotated[int, Field(ge=1)] = 128
    """How many requests are worked on at once; one more is told to come again."""
    max_open_per_party: Annotated[int, Field(ge=1)] = 32
    """How many of one party, so that it leaves room for others."""
    body_timeout_s: Seconds = 30
    """How long a body may take to arrive."""
    publish_timeout_s: Seconds = 20
    """How long a request waits for Kafka before it is told to come again."""
    retry_after_s: Seconds = 5
    """When to come again, where nothing better is known."""

    @model_validator(mode="after")
    def _batch_within_rate(self) -> Self:
        own = [one.events_per_minute for one in self.party_limits.values()]
        least = min(one for one in (*own, self.events_per_minute) if one is not None)
        if self.max_batch > least * self.burst_s / SECONDS_A_MINUTE:
            raise ValueError(
                "max_batch is above what events_per_minute and burst_s allow at once, so that a "
                "full batch would never be accepted: lower max_batch or raise the others"
            )
        return self
