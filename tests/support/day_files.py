"""The files and posts of a day, and in which line of which each event stands."""

import csv
import io
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from schemas.data import Data
from schemas.envelope import Event
from tests.support.channels import Channel
from tests.support.day_plan import HOURS
from tests.support.move_list import move_list
from tests.support.planted_faults import Spoil, Wire
from tests.support.table_words import HEADINGS
from tests.support.wire_forms import as_text, row, structured

STEMS: Final = {
    "referral": "ueberweisungen",
    "address-change": "umzuege",
    "support-offer": "angebote",
}
"""How the names of tables and lists begin."""
BATCH: Final = 8
"""How many events a system posts at once, at most."""


@dataclass(frozen=True, slots=True)
class Handed:
    """An event on its way to a door."""

    number: int
    """Of the event in its day."""
    round: int
    party: str
    channel: Channel
    event: Event[Data]
    spoil: Spoil | None = None
    """What goes wrong with it on the way."""

    @property
    def file(self) -> str:
        """The file it is written to, party first; what is posted stands in `posts.jsonl`."""
        if self.channel is Channel.HTTP:
            return "posts.jsonl"
        listed = self.channel is not Channel.JSONL
        stem = STEMS[self.event.context.type.partition(".")[0]] if listed else "ereignisse"
        return f"files/{self.party}/{stem}-{HOURS[self.round] + 2:02d}00.{self.channel}"

    def wire(self) -> Wire | str:
        """What its system writes."""
        wire = row(self.event) if self.channel is Channel.CSV else structured(self.event)
        return self.spoil(wire) if self.spoil else wire


@dataclass(frozen=True, slots=True)
class Written:
    """A file of the day, and where in it each event stands."""

    name: str
    round: int
    party: str
    text: str
    lines: dict[int, int]
    """The line, from 1, of each event by its number."""


def files(handed: Sequence[Handed]) -> Iterator[Written]:
    """Every file of the day, in order of name."""
    by_name: defaultdict[str, list[Handed]] = defaultdict(list)
    for one in handed:
        if one.channel is not Channel.HTTP:
            by_name[one.file].append(one)
    for name, inside in sorted(by_name.items()):
        text, lines = _WRITERS[inside[0].channel](inside)
        numbered = {one.number: line for one, line in zip(inside, lines, strict=True)}
        yield Written(name, inside[0].round, inside[0].party, text, numbered)


def posts(handed: Sequence[Handed]) -> tuple[str, dict[int, int]]:
    """One request in each line of `posts.jsonl`, and the line of each event by its number."""
    text: list[str] = []
    lines: dict[int, int] = {}
    posted = [one for one in handed if one.channel is Channel.HTTP]
    for request in sorted(_requests(posted), key=lambda request: request[0].round):
        text.append(_as_request(request, len(text)))
        lines |= {one.number: len(text) for one in request}
    return "".join(f"{line}\n" for line in text), lines


def _requests(posted: Iterable[Handed]) -> Iterator[list[Handed]]:
    """Steps of referrals in batches, the rest and what is spoiled alone."""
    open_batches: dict[tuple[int, str], list[Handed]] = {}
    for one in sorted(posted, key=lambda one: one.round):
        if one.spoil or not one.event.context.type.startswith("referral.status"):
            yield [one]
            continue
        batch = open_batches.setdefault((one.round, one.party), [])
        batch.append(one)
        if len(batch) == BATCH:
            yield open_batches.pop((one.round, one.party))
    yield from open_batches.values()


def _as_request(request: Sequence[Handed], number: int) -> str:
    single = "binary" if number % 2 else "structured"
    first = request[0]
    posted: dict[str, Any] = {
        "round": first.round,
        "party": first.party,
        "mode": "batch" if len(request) > 1 else single,
        "events": [one.wire() for one in request],
    }
    return as_text(posted)


def _json_lines(inside: Sequence[Handed]) -> tuple[str, Iterable[int]]:
    wires = [one.wire() for one in inside]
    lines = [wire if isinstance(wire, str) else as_text(wire) for wire in wires]
    return "\n".join(lines) + "\n", range(1, len(lines) + 1)


def _table(inside: Sequence[Handed]) -> tuple[str, Iterable[int]]:
    """As a spreadsheet saves it: a byte order mark, semicolons, CRLF."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, list(HEADINGS[inside[0].event.context.type]), delimiter=";")
    writer.writeheader()
    for one in inside:
        row = one.wire()
        assert isinstance(row, dict), "a malformed line has no place in a table"
        writer.writerow(row)
    return "\ufeff" + text.getvalue(), range(2, len(inside) + 2)


def _moves(inside: Sequence[Handed]) -> tuple[str, Iterable[int]]:
    return move_list([one.event for one in inside])


_WRITERS: Final = {
    Channel.JSONL: _json_lines,
    Channel.CSV: _table,
    Channel.XML: _moves,
}


def as_document(expected: dict[str, Any]) -> str:
    """JSON with one entry of each list in a line, so that a change shows where it is."""
    parts = []
    for name, value in expected.items():
        if isinstance(value, list):
            entries = ",\n  ".join(json.dumps(entry, ensure_ascii=False) for entry in value)
            parts.append(f'"{name}": [\n  {entries}\n ]')
        else:
            parts.append(f'"{name}": {json.dumps(value)}')
    return "{\n " + ",\n ".join(parts) + "\n}\n"
