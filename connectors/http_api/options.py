"""What the HTTP door needs to know: where it listens, who may send, and how much."""

from typing import Annotated, Self

from pydantic import Field, model_validator

from connectors.callers.options import DoorOptions

Seconds = Annotated[float, Field(gt=0, le=600)]


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
    max_open_requests: Annotated[int, Field(ge=1)] = 128
    """How many requests are worked on at once; one more is told to come again."""
    body_timeout_s: Seconds = 30
    """How long a body may take to arrive."""
    publish_timeout_s: Seconds = 20
    """How long a request waits for Kafka before it is told to come again."""
    retry_after_s: Seconds = 5
    """When to come again, where nothing better is known."""

    @model_validator(mode="after")
    def _batch_within_rate(self) -> Self:
        if self.max_batch > self.events_per_minute:
            raise ValueError(
                "max_batch is above events_per_minute, so that a full batch would never be "
                "accepted: lower max_batch or raise events_per_minute"
            )
        return self
