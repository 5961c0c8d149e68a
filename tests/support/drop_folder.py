"""A folder to drop files into, and what a source hands out of it."""

import json
import os
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from connectors.file_drop.options import FileDropOptions
from connectors.file_drop.source import FileDropSource
from schemas.data import Data
from schemas.envelope import Context, Event
from schemas.events.support_offer_published import SupportOfferPublished
from schemas.vocabulary import Classification, LegalBasis, OfferCategory, Purpose
from tests.support.wire_forms import as_text, structured

PARTY: Final = "06432005"
QUIET_READS: Final = 3
"""After so many reads without a batch there is nothing more to come."""


def offer(number: int, *, party: str = PARTY, text: str = "Offener Treff.") -> Event[Data]:
    """An event, the same for the same number."""
    data = SupportOfferPublished(
        name=f"Angebot {number}",
        organisation="Förderverein Eppertshausen e. V.",
        category=OfferCategory.MEETING,
        description=text,
        service_area=(PARTY,),
        assured_date=datetime(2026, 3, 2, tzinfo=UTC).date(),
    )
    context = Context(
        type=data.wire_type(),
        source=f"//kurze-wege/{party}/angebote",
        id=f"a-{number:06d}",
        subject=f"A-{number:06d}",
        time=datetime(2026, 3, 2, 9, 0, tzinfo=UTC),
        dataschema=data.schema_uri(),
        purpose=Purpose.DIRECTORY,
        legalbasis=LegalBasis.SGB1_17,
        dataclassification=Classification.PUBLIC,
    )
    return Event(context, data)


def json_lines(events: Sequence[Event[Data]]) -> bytes:
    """The events as their system would write them, one in a line."""
    return "".join(as_text(structured(event)) + "\n" for event in events).encode()


class DropFolder:
    """The root of a file drop, and one party's folder in it."""

    def __init__(self, root: Path, party: str = PARTY) -> None:
        """Make the party's folder with its inbox."""
        self.root = root
        self.party = party
        self.inbox.mkdir(parents=True, exist_ok=True)

    @property
    def inbox(self) -> Path:
        """Where files are dropped."""
        return self.root / self.party / "in"

    def drop(self, name: str, content: bytes) -> Path:
        """Put a whole file there, by renaming."""
        hidden = self.inbox / f".{os.urandom(6).hex()}"
        hidden.write_bytes(content)
        return hidden.rename(self.inbox / name)

    def names(self, room: str) -> list[str]:
        """What lies in `in`, `done` or `refused`, in order."""
        folder = self.root / self.party / room
        return sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []

    def done(self, name: str) -> bytes:
        """The content of a file that was put away."""
        return (self.root / self.party / "done" / name).read_bytes()

    def refused(self, name: str) -> bytes:
        """The content of a file in `refused`."""
        return (self.root / self.party / "refused" / name).read_bytes()

    def report(self, name: str) -> list[dict[str, Any]]:
        """What is reported of the file dropped under this name."""
        return [json.loads(line) for line in self.refused(f"{name}.report.jsonl").splitlines()]

    def in_work(self) -> list[str]:
        """The files that are neither waiting nor put away."""
        work = self.root / self.party / ".work"
        return sorted(path.parent.name for path in work.glob("*/content"))

    def source(self, **options: Any) -> FileDropSource:  # noqa: ANN401 - as FileDropOptions
        """A source that takes every file at its first look."""
        told = {"root": self.root, "settle_ms": 0, "poll_ms": 1, "retry_ms": 1} | options
        return FileDropSource(FileDropOptions.model_validate(told))

    def take(self, **options: Any) -> list[Event[Data]]:  # noqa: ANN401 - the same
        """Everything a new source hands out, each batch acknowledged."""
        with closing(self.source(**options)) as source:
            return list(handed_out(source))


def handed_out(source: FileDropSource) -> Iterator[Event[Data]]:
    """Everything a source hands out until it is quiet, each batch acknowledged."""
    quiet = 0
    while quiet < QUIET_READS:
        batch = source.read()
        quiet = quiet + 1 if batch is None else 0
        if batch is not None:
            yield from batch.events
            batch.acknowledge()


def ids(events: Sequence[Event[Data]]) -> list[str]:
    """The events' ids in their order."""
    return [event.context.id for event in events]
