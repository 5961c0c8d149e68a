"""hub report: how short the ways are, per municipality and month."""

from calendar import monthrange
from datetime import UTC, date, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hub.commands.opening import opened
from hub.commands.printing import note, print_json, print_table, print_text
from hub.errors import HubError, UsageError

if TYPE_CHECKING:
    from hub.trail.figures import Figures


class Form(StrEnum):
    """How the figures are printed."""

    TABLE = "table"
    """For people."""
    JSON = "json"
    """For programs: one JSON document."""
    CSV = "csv"
    """For spreadsheets."""


def report(
    ctx: typer.Context,
    *,
    first: Annotated[
        str | None, typer.Option("--from", metavar="DAY", help="2026-01-01, or a month: 2026-01.")
    ] = None,
    last: Annotated[
        str | None, typer.Option("--to", metavar="DAY", help="The last day or month that counts.")
    ] = None,
    charts: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="Write charts as SVG into this folder.")
    ] = None,
    png: Annotated[bool, typer.Option("--png", help="Write them as PNG as well.")] = False,
    output: Annotated[
        Form, typer.Option("--output", "-o", help="Print as a table, as JSON or as CSV.")
    ] = Form.TABLE,
) -> None:
    """Print the figures of what was sent on these days, with all that has become of it since.

    Median working hours from sent to accepted to the first appointment, the share of answers in
    time, rejections and refusals by reason, offers used, hand-overs still open. Without --from the
    last twelve months.
    """
    settings = opened(ctx)
    from hub.trail import report_forms
    from hub.trail.local_time import day_of
    from hub.trails import Trails

    now = datetime.now(UTC)
    span = _span(first, last, day_of(now))
    with Trails(settings) as trails:
        figures = trails.report(*span, now)
        names = trails.offices.municipalities
    if output is Form.JSON:
        days = dict(zip(("from", "to"), (day.isoformat() for day in span), strict=True))
        print_json(days | {"figures": report_forms.plain(figures, names)})
    elif output is Form.CSV:
        print_text(report_forms.as_csv(figures, names).rstrip("\r\n"))
    else:
        print_table(report_forms.COLUMNS, report_forms.rows(figures, names))
        print_table(report_forms.CODE_COLUMNS, report_forms.code_rows(figures, names))
    if charts is not None:
        _draw(figures, names, charts, png=png)
    note(f"Sent from {span[0]} to {span[1]}; as it stands now.")


def _span(first: str | None, last: str | None, today: date) -> tuple[date, date]:
    until = _day(last, "--to", at_end=True) if last else today
    year_before = date(today.year - 1, today.month, 1)
    since = _day(first, "--from", at_end=False) if first else min(year_before, until)
    if since > until:
        raise UsageError("It ends before it begins.", where="--to", remedy="Give a later day.")
    return since, until


def _day(text: str, option: str, *, at_end: bool) -> date:
    """The day, or the first or last one of a month."""
    try:
        day = date.fromisoformat(text if len(text) > len("2026-01") else f"{text}-01")
    except ValueError as error:
        remedy = "Write it like 2026-01-31, or a whole month like 2026-01."
        raise UsageError("This is no day.", where=option, remedy=remedy) from error
    if at_end and len(text) == len("2026-01"):
        return day.replace(day=monthrange(day.year, day.month)[1])
    return day


def _draw(figures: "list[Figures]", names: dict[str, str], folder: Path, *, png: bool) -> None:
    from hub.trail import charts
    from hub.trail.png import png as drawn

    pictures = charts.charts(figures, names)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, svg in pictures.items():
            (folder / f"{name}.svg").write_text(svg, encoding="utf-8")
            if png:
                (folder / f"{name}.png").write_bytes(drawn(svg))
    except OSError as error:
        remedy = "Name a folder this user may write."
        raise HubError(f"Cannot write: {error.strerror}.", where=str(folder), remedy=remedy) from (
            error
        )
    note(f"{len(pictures)} charts lie in {folder}.")
