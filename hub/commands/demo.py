"""hub demo: a day of the district through the whole hub, counted."""

from pathlib import Path
from typing import Annotated

import typer

from hub.commands.opening import flags, opened
from hub.commands.printing import As, Output, print_json, print_table
from hub.errors import ExitCode, UsageError


def demo(
    ctx: typer.Context,
    *,
    once: Annotated[bool, typer.Option("--once", help="End when the day is over.")] = False,
    brokers: Annotated[
        int | None, typer.Option(min=1, max=9, help="How many brokers to start. Default: 1")
    ] = None,
    day: Annotated[
        Path | None, typer.Option(help="A folder with another day than the one shipped.")
    ] = None,
    output: As = Output.TABLE,
) -> None:
    """Let a day of the district happen: files and posts in, every delivery counted.

    Without --once it then stays up, opens two back offices filled with the day, and prints their
    addresses and who may sign in there. Starts its own Kafka; with --bootstrap it uses that one,
    under a prefix of its own that is taken off again at the end. Exits 0 only if nothing was lost,
    repeated, refused unexpectedly or accepted that should not have been.
    """
    given = flags(ctx)
    foreign = given.get("kafka.bootstrap") is not None
    if foreign and brokers is not None:
        what = "Brokers are not started when --bootstrap names some that are there."
        raise UsageError(what, where="--brokers", remedy="Leave out one of the two.")
    opened(ctx, {"log.level": given.get("log.level") or "WARNING"})
    from hub.demo import report
    from hub.demo.options import Options
    from hub.demo.run import run
    from hub.demo.summary import Summary
    from hub.stopping import stop_on_signals

    def show(summary: Summary) -> None:
        if output is Output.JSON:
            print_json(report.as_json(summary))
        else:
            print_table(report.COLUMNS, report.rows(summary))

    options = Options(once=once, brokers=brokers or 1, foreign=foreign, sample=day)
    summary = run(options, given, stop_on_signals(), show)
    raise typer.Exit(ExitCode.OK if summary.is_right else ExitCode.FAILED)
