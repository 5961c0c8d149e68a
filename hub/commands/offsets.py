"""hub offsets: where consumer groups stand, moved on purpose."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from hub.commands.names import offered, topics
from hub.commands.opening import opened
from hub.commands.printing import As, Output, note, print_json, print_table
from hub.commands.progress import progress
from hub.errors import UsageError

if TYPE_CHECKING:
    from hub.settings import Settings
    from hub.streaming.offsets import Move, Target

app = typer.Typer(help="Move consumer groups to other offsets.", no_args_is_help=True)
COLUMNS = ("topic", "partition", "from", "to", "read again", "skipped")


@app.command(epilog="Example: hub offsets reset statistics --topic to.kfb --to 2026-11-02")
def reset(  # noqa: PLR0913 - one option for each choice
    ctx: typer.Context,
    group: Annotated[str, typer.Argument(help="Whole, as `hub lag` names it.")],
    *,
    to: Annotated[
        str,
        typer.Option(
            metavar="WHERE",
            help="earliest, latest, an offset, or a time of Berlin: 2026-11-02T08:00.",
        ),
    ],
    topic: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="Whole. Default: every topic the group has read.",
            autocompletion=offered(topics),
        ),
    ] = None,
    partition: Annotated[
        int | None, typer.Option(min=0, metavar="N", help="One partition only. Default: all.")
    ] = None,
    workers: Annotated[
        bool,
        typer.Option("--workers", help="Even the workers' group: events may be lost by it."),
    ] = False,
    apply: Annotated[
        bool, typer.Option("--apply", help="Do it; without it only show what would be done.")
    ] = False,
    output: As = Output.TABLE,
) -> None:
    """Move a group that nobody reads as to other offsets; only shown without --apply.

    Shows for each partition from where to where, and how many records would be read again or
    never. For readers of parties' own: the hub's sinks go on where their own database says. What
    the workers skip is lost, and what they read again is delivered twice if they have forgotten it.
    """
    settings = opened(ctx)
    from hub import auditing
    from hub.audit.act import Did
    from hub.streaming import offsets

    _check_whose(settings, group, workers=workers)
    where = target(to)
    said = progress("{} records counted.")
    connection = settings.kafka.kafka_python()
    moves = offsets.plan(connection, group, where, topic, partition, said)
    if apply:
        with auditing.audited(settings, Did.OFFSETS_RESET, group, reason=f"to {to}"):
            offsets.apply(connection, group, moves)
    _print(moves, output, applied=apply)
    again, skipped = (sum(getattr(one, what) for one in moves) for what in ("again", "skipped"))
    counts = f"{again} records {{}} read again, {skipped} skipped"
    if apply:
        note(f"{group} stands anew: {counts.format('are')}.")
    else:
        note(f"{counts.format('would be')}; nothing was done. Do it with --apply")


def target(word: str) -> "Target":
    """What is meant by a word; raises UsageError."""
    from hub.domain.working_year import ZONE
    from hub.streaming import offsets

    ends = {"earliest": offsets.EARLIEST, "latest": offsets.LATEST}
    if word in ends:
        return ends[word]
    if word.isascii() and word.isdigit():
        return int(word)
    try:
        at = datetime.fromisoformat(word)
    except ValueError:
        remedy = "Use earliest, latest, a time like 2026-11-02T08:00, or an offset."
        raise UsageError("It does not say where.", where="--to", remedy=remedy) from None
    return at if at.tzinfo else at.replace(tzinfo=ZONE)


def _check_whose(settings: "Settings", group: str, *, workers: bool) -> None:
    """Raise UsageError for a group whose readers would not go by it, or not without harm."""
    from hub import wiring

    own = wiring.group(settings)
    if group.startswith(f"{own}."):
        sink = group.removeprefix(f"{own}.").partition(".")[0]
        what = "It goes on where its own database says; what it tells Kafka is only to be seen."
        remedy = f"To have all brought again, give it an empty database: hub connect {sink}"
        raise UsageError(what, where=group, remedy=remedy)
    if group == own and not workers:
        what = "What lanes remember goes with where they stand."
        remedy = (
            "See whether they remember what they should: hub state rebuild. A lane whose offset is "
            "lost goes on where its memory says. To move them all the same: --workers"
        )
        raise UsageError(what, where=group, remedy=remedy)


def _print(moves: "Sequence[Move]", output: Output, *, applied: bool) -> None:
    if output is Output.JSON:
        print_json({"applied": applied, "moves": [one._asdict() for one in moves]})
    else:
        print_table(COLUMNS, moves)
