"""What the file drop needs to be told."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from schemas.model import PartyId


class Mode(StrEnum):
    """What becomes of the good lines of a file with bad ones."""

    LINES = "lines"
    """They go; the bad lines are reported."""
    WHOLE = "whole"
    """They stay: one bad line refuses the file."""


class FileDropOptions(BaseModel):
    """One process serves the folders of many parties: `<root>/<party>/{in,done,refused}`."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    root: Path
    """The folder with one folder for each party."""
    parties: tuple[PartyId, ...] = ()
    """Whose folders are made and served; none named: every folder named like a party."""
    mode: Mode = Mode.LINES
    """Line by line, or whole files."""
    settle_ms: Annotated[int, Field(ge=0, le=600_000)] = 500
    """How long a file must keep size and time before it is taken; 0 if all are renamed into
    place."""
    poll_ms: Annotated[int, Field(ge=1, le=900)] = 100
    """How long to wait between two looks into empty folders."""
    batch_events: Annotated[int, Field(ge=1, le=500)] = 500
    """How many events are handed out at once, at most."""
    batch_bytes: Annotated[int, Field(ge=1, le=2 * 1024 * 1024)] = 2 * 1024 * 1024
    """How many bytes of a file are handed out at once, at most (and one line more)."""
    retry_ms: Annotated[int, Field(ge=1, le=600_000)] = 5_000
    """How long a party's folder is left alone after its disk failed."""
