"""hub schemas: the contract's documents, written and checked."""

from pathlib import Path
from typing import Annotated

import typer

from hub.commands.printing import As, Output, note, print_json, print_table, print_text
from hub.errors import ExitCode, UsageError

app = typer.Typer(help="Write and check the contract's documents.", no_args_is_help=True)
Folder = Annotated[
    Path | None, typer.Option(help="The folder of the documents. Default: schemas/ of the hub.")
]


@app.command(epilog="Example: hub schemas write")
def write(folder: Folder = None) -> None:
    """Write JSON Schemas and AsyncAPI from the models; print each file that changed."""
    from schemas import writing

    changed = writing.write(folder or writing.FOLDER)
    for path in changed:
        print_text(path)
    note(f"{len(changed)} files changed." if changed else "Everything was current.")


@app.command(epilog="Example: hub schemas check --against ../released/schemas")
def check(
    folder: Folder = None,
    against: Annotated[
        Path | None, typer.Option(help="An older copy of schemas/, to name what breaks it.")
    ] = None,
    output: As = Output.TABLE,
) -> None:
    """Check that the documents are current and break nobody; exits 1 where not."""
    from schemas import writing

    stale = writing.check_current(folder or writing.FOLDER)
    try:
        breaking = writing.check_against(against) if against else []
    except writing.NoContract as error:
        remedy = "Name a folder that holds the older schemas, or its json/."
        raise UsageError(str(error), where="--against", remedy=remedy) from error
    if output is Output.JSON:
        changes = [{"schema": c.schema, "field": c.field, "change": c.says} for c in breaking]
        print_json({"current": not stale, "stale": stale, "incompatible": changes})
    else:
        print_table(("problem",), [(one,) for one in [*stale, *breaking]])
    if stale:
        note("Write the documents again: hub schemas write")
    if breaking:
        note("Declare a new version of the event, with upcast from the old one.")
    if stale or breaking:
        raise typer.Exit(ExitCode.FAILED)
    note("The documents are current" + (" and compatible." if against else "."))
