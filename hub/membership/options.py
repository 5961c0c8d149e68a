"""What the hub must know to take parties in: where it is kept, and what they are told."""

from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field


class Options(BaseModel):
    """Settings of the membership of parties."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, use_attribute_docstrings=True, hide_input_in_errors=True
    )

    folder: Path = Path("secrets")
    """Where the register of members, the credential sheets and, unless set, the tokens lie."""
    valid_days: Annotated[int, Field(ge=1, le=825)] = 365
    """How many days a party's credentials count, unless `--good-until` says otherwise."""
    overlap_hours: Annotated[int, Field(ge=0, le=24 * 90)] = 24
    """How many hours the former credentials count beside new ones."""
    write_bytes_s: Annotated[int, Field(ge=1024)] = 64 * 1024
    """How many bytes a second a party's user may write to a broker; nothing is granted to write."""
    read_bytes_s: Annotated[int, Field(ge=1024)] = 2 * 1024 * 1024
    """How many bytes a second it may read from a broker."""
    request_percent: Annotated[int, Field(ge=1, le=1000)] = 25
    """How much of the time of a broker's threads it may take, in percent of one thread."""
    bootstrap: str = ""
    """Where they reach the brokers, `host:port`; empty: their sheet leaves it open."""
    door_url: str = ""
    """Where they reach the door for HTTP, `https://HOST`; empty: their sheet leaves it open."""
    mailbox_url: str = ""
    """Where they reach their mailbox, `https://HOST`; empty: their sheet leaves it open."""
    contact: str = ""
    """Whom they call, as their sheet says: a name, a phone number; empty: as `web.contact`."""
