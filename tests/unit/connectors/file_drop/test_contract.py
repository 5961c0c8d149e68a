"""The file drop keeps what every source promises, in each of its formats."""

import csv
import io
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from connectors.base import Source
from connectors.file_drop.options import Mode
from schemas.data import Data
from schemas.envelope import Event
from tests.contract.source_suite import SourceSuite, Subject
from tests.support.drop_folder import PARTY, DropFolder, json_lines, offer

Writer = Callable[[Sequence[Event[Data]]], bytes]
COLUMNS = ("Kennung", "Angebot", "Zeitpunkt", "Name", "Träger", "Art", "Beschreibung")
MORE_COLUMNS = ("Einzugsgebiet", "Geprüft am")


def table(events: Sequence[Event[Data]]) -> bytes:
    """The offers as a spreadsheet saves them."""
    text = io.StringIO(newline="")
    rows = csv.writer(text, delimiter=";")
    rows.writerow([*COLUMNS, *MORE_COLUMNS])
    for event in events:
        said = event.data.model_dump(mode="json")
        context = event.context
        what = (said["name"], said["organisation"], "Begegnung", said["description"])
        where = (PARTY, "02.03.2026")
        rows.writerow((context.id, context.subject, "02.03.2026 10:00", *what, *where))
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def moves(events: Sequence[Event[Data]]) -> bytes:
    """Withdrawn moves under the same ids, the shortest there are."""
    said = "".join(
        f"<ruecknahme><kopf><id>{event.context.id}</id><vorgang>{event.context.subject}</vorgang>"
        "<zeitpunkt>2026-03-02T09:00:00Z</zeitpunkt><rechtsgrundlage>bmg-34</rechtsgrundlage>"
        "</kopf><nimmtZurueck>um-1</nimmtZurueck><grund>did_not_happen</grund></ruecknahme>\n"
        for event in events
    )
    return f"<umzuege>\n{said}</umzuege>".encode()


class Dropped:
    """The file drop, with files in one format."""

    def __init__(self, root: Path, ending: str, write: Writer, system: str, mode: Mode) -> None:
        """Drop files with this ending, written so."""
        self._folder = DropFolder(root)
        self._ending = ending
        self._write = write
        self._system = system
        self._mode = mode
        self._count = 0

    def put(self, count: int) -> Sequence[tuple[str, str]]:
        """One more file with so many events."""
        events = [offer(self._count + number) for number in range(count)]
        self._count += count
        self._folder.drop(f"angebote-{self._count:06d}.{self._ending}", self._write(events))
        source = f"//kurze-wege/{PARTY}/{self._system}"
        return [(source, event.context.id) for event in events]

    def source(self) -> Source:
        """Four events at a time."""
        return self._folder.source(batch_events=4, mode=self._mode)


@pytest.fixture(params=list(Mode))
def mode(request: pytest.FixtureRequest) -> Mode:
    """Both ways to take a file."""
    return Mode(request.param)


class TestJsonLines(SourceSuite):
    """One event in each line."""

    @pytest.fixture
    def subject(self, tmp_path: Path, mode: Mode) -> Subject:
        """Files with JSON lines."""
        return Dropped(tmp_path, "jsonl", json_lines, "angebote", mode)


class TestTable(SourceSuite):
    """One event in each row."""

    @pytest.fixture
    def subject(self, tmp_path: Path, mode: Mode) -> Subject:
        """Files with tables."""
        return Dropped(tmp_path, "csv", table, "angebote", mode)


class TestMoves(SourceSuite):
    """One event in each move."""

    @pytest.fixture
    def subject(self, tmp_path: Path, mode: Mode) -> Subject:
        """Files with XML lists."""
        return Dropped(tmp_path, "xml", moves, "melderegister", mode)
