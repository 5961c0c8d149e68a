"""hub kit: a hub on one's own machine, with cases for a connector to pass."""

from pathlib import Path
from typing import Annotated

import typer

from hub.commands.names import offered, parties
from hub.commands.opening import flags, opened
from hub.commands.printing import As, Output, note, print_json, print_table
from hub.errors import ExitCode

app = typer.Typer(help="Try a connector on a hub of one's own.", no_args_is_help=True)
Party = Annotated[
    str | None,
    typer.Option(
        metavar="ID",
        help="The municipality you are. Default: 06432005",
        autocompletion=offered(parties),
    ),
]


@app.command(epilog="Example: hub kit run --party 06432005 --wait")
def run(
    ctx: typer.Context,
    *,
    party: Party = None,
    wait: Annotated[
        bool, typer.Option("--wait", help="Wait for your own connector to take your steps.")
    ] = False,
    case: Annotated[
        list[str] | None, typer.Option(metavar="ID", help="Run only this case; may be repeated.")
    ] = None,
    report: Annotated[
        Path, typer.Option(metavar="FOLDER", help="Where kit-report.json and .md are written.")
    ] = Path(),
    output: As = Output.TABLE,
) -> None:
    """Run the cases on a hub of one's own; exits 0 only if every case has passed.

    Without --wait the kit takes your steps as well, by HTTP and from the mailbox, so that every
    case passes: read along, then do the same with your connector. Ctrl-C ends a run early.
    """
    given = flags(ctx)
    opened(ctx, {"log.level": given.get("log.level") or "WARNING"})
    from hub.kit.options import JSON_FILE, MARKDOWN_FILE, Options
    from hub.kit.report import COLUMNS, rows
    from hub.kit.run import run as run_cases
    from hub.stopping import stop_on_signals

    foreign = given.get("kafka.bootstrap") is not None
    options = Options(party, wait, tuple(case or ()), report, foreign)
    said = run_cases(options, given, stop_on_signals())
    if output is Output.JSON:
        print_json(said)
    else:
        print_table(COLUMNS, rows(said))
    note(f"The report is in {report / JSON_FILE} and {report / MARKDOWN_FILE}.")
    all_passed = said["passed"] == len(said["cases"])
    raise typer.Exit(ExitCode.OK if all_passed else ExitCode.FAILED)


@app.command("list", epilog="Example: hub kit list -o json")
def list_(ctx: typer.Context, party: Party = None, output: As = Output.TABLE) -> None:
    """Print the cases and what each proves; with -o json every step, ready to be copied."""
    settings = opened(ctx)
    from datetime import UTC, datetime

    from hub import wiring
    from hub.kit import cases
    from hub.kit.roles import cast
    from hub.place_file import load_places

    roles = cast(wiring.parties(settings), load_places(), party)
    found = cases.load(roles, datetime.now(UTC))
    if output is Output.JSON:
        print_json([one.model_dump(mode="json", exclude_defaults=True) for one in found])
    else:
        print_table(("case", "title", "what it proves"), ((c.id, c.title, c.proves) for c in found))
