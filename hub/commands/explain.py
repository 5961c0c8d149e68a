"""hub explain: what would become of an event, and why."""

import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from hub.commands.opening import opened
from hub.commands.printing import As, Output, note, print_json, print_table
from hub.errors import ExitCode, UsageError

COLUMNS = ("recipient", "name", "gets", "rule", "because", "left out")


def explain(
    ctx: typer.Context,
    file: Annotated[str, typer.Argument(metavar="FILE", help="A CloudEvent as JSON; - for stdin.")],
    *,
    today: Annotated[
        bool, typer.Option("--today", help="Judge its age as of today, not of its own time.")
    ] = False,
    output: As = Output.TABLE,
) -> None:
    """Print to whom an event would go, by which rule and why; exits 1 if it is refused.

    Nothing is sent and no broker is asked. The case is taken as new, so that news of a case (a
    status, a withdrawal) is refused as case-unknown.
    """
    settings = opened(ctx)
    from hub import wiring

    found = wiring.explain(settings, _read(file), today=today)
    if output is Output.JSON:
        print_json(_plain(asdict(found)))
    elif found.recipients:
        print_table(COLUMNS, (_row(one) for one in found.recipients))
    else:
        rows = ((one.code, one.field, one.detail) for one in found.problems)
        print_table(("problem", "field", "what to do"), rows)
    note(f"The event would be {found.verdict}.")
    if found.problems:
        raise typer.Exit(ExitCode.FAILED)


def _read(file: str) -> bytes:
    try:
        return sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
    except OSError as error:
        remedy = "Name a file with one CloudEvent as JSON, or - for stdin."
        raise UsageError(f"Cannot read it: {error.strerror}.", where=file, remedy=remedy) from error


def _row(one: Any) -> tuple[str, ...]:  # noqa: ANN401 - typed where it is made; imported late
    left_out = f"{', '.join(one.left_out)}: {one.left_out_because}" if one.left_out else ""
    return one.party, one.name, one.event_type, one.rule, one.because, left_out


def _plain(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    from pydantic_core import to_jsonable_python

    return to_jsonable_python(value)
