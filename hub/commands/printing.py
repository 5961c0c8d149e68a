"""Data goes to stdout, as a table or as JSON; everything else goes to stderr."""

import json
import sys
from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from rich.console import Console

WIDE = 240
"""Columns of a table that no terminal limits."""


class Output(StrEnum):
    """How data is printed."""

    TABLE = "table"
    """For people."""
    JSON = "json"
    """For programs: one JSON document."""


As = Annotated[Output, typer.Option("--output", "-o", help="Print the data as a table or as JSON.")]


def print_json(data: object) -> None:
    """One JSON document on stdout."""
    from hub.withhold import visible

    print(visible(json.dumps(data, ensure_ascii=False, indent=2)))  # noqa: T201 - this is the output


def print_text(text: str) -> None:
    """Text on stdout; nothing in it steers the terminal."""
    from hub.withhold import visible

    print(visible(text), flush=True)  # noqa: T201 - this is the output


def print_table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """A table on stdout; as wide as its content where stdout is not a terminal."""
    from rich import box
    from rich.table import Table
    from rich.text import Text

    from hub.withhold import visible

    table = Table(*columns, box=box.SIMPLE_HEAD, header_style="bold", pad_edge=False)
    for row in rows:
        table.add_row(*(Text("" if cell is None else visible(str(cell))) for cell in row))
    console(width=None if sys.stdout.isatty() else WIDE).print(table)


def note(text: str) -> None:
    """A line for the person at the terminal, on stderr."""
    from hub.withhold import visible

    console(stderr=True, soft_wrap=True, highlight=False, markup=False).print(visible(text))


def console(**how: Any) -> "Console":  # noqa: ANN401 - whatever rich takes
    """A console that writes plain text, not even bold, where NO_COLOR is set."""
    from rich.console import Console

    found = Console(**how)
    return Console(**how, color_system=None) if found.no_color else found
