"""hub state: what the lanes remember, how large it is, and whether it is what it should be."""

from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from hub.commands.opening import opened
from hub.commands.printing import As, Output, note, print_json, print_table
from hub.commands.progress import progress
from hub.errors import Drift

if TYPE_CHECKING:
    from hub.streaming.rebuilding import Rebuilt

app = typer.Typer(help="Show and mend what the lanes remember.", no_args_is_help=True)
Lane = Annotated[
    int | None, typer.Option("--partition", min=0, metavar="N", help="One lane only. Default: all.")
]


@app.command(epilog="Example: hub state show -o json")
def show(ctx: typer.Context, partition: Lane = None, output: As = Output.TABLE) -> None:
    """Print how much each lane remembers, by family of keys. Contents are never shown."""
    settings = opened(ctx)
    from hub import wiring
    from hub.state.size import sizes
    from hub.streaming import rebuilding

    lanes = rebuilding.entries(wiring.lanes(settings), partition)
    found = [
        {
            "lane": lane,
            "family": family,
            "entries": size.entries,
            "bytes": size.bytes,
            "oldest": _moment(size.oldest_ms),
            "newest": _moment(size.newest_ms),
        }
        for lane, entries in lanes.items()
        for family, size in sizes(entries).items()
    ]
    if output is Output.JSON:
        print_json({"lanes": sorted(lanes), "families": found})
    elif found:
        print_table(tuple(found[0]), [tuple(one.values()) for one in found])
    note(f"{sum(len(entries) for entries in lanes.values())} entries in {len(lanes)} lane(s).")


@app.command(epilog="Example: hub state rebuild --partition 0 --apply")
def rebuild(
    ctx: typer.Context,
    partition: Lane = None,
    *,
    apply: Annotated[
        bool, typer.Option("--apply", help="Write the difference. No worker may run.")
    ] = False,
    output: As = Output.TABLE,
) -> None:
    """Compare what lanes remember with what the source tells; exits 3 if it differs, else 0.

    The input topics are played again from an empty memory, in the order in which the ledger says
    they were moved. Without --apply nothing is written. What the source tells no more stays as it
    is: kept_older began before what the input topics keep, kept_unconfirmed was decided otherwise
    then. With --apply the rest is written, in one transaction for each lane; then it exits 0.
    """
    settings = opened(ctx)
    from hub import auditing, wiring
    from hub.audit.act import Did
    from hub.streaming import rebuilding

    rules, lanes = wiring.replaying_rules(settings), wiring.lanes(settings)
    told = progress("{} lines of the ledger played.")
    which = "every lane" if partition is None else f"lane {partition}"
    acts = auditing.audited(settings, Did.STATE_REBUILT, which) if apply else nullcontext()
    with acts:
        rebuilt = rebuilding.rebuild(lanes, rules, partition, told, mends=apply)
    wrong = sum(c.wrong for one in rebuilt for c in one.comparison.families.values())
    _print(rebuilt, output, mended=apply)
    if wrong and not apply:
        what = f"{wrong} entries are not what the source tells."
        raise Drift(what, remedy="Stop the workers and mend them with: hub state rebuild --apply")
    note(f"{wrong} entries were mended." if wrong else "The state is what the source tells.")


def _print(rebuilt: Sequence["Rebuilt"], output: Output, *, mended: bool) -> None:
    from hub.state.comparison import COLUMNS

    if output is Output.JSON:
        print_json({"mended": mended, "lanes": [_plain(one) for one in rebuilt]})
    else:
        rows = [
            (one.lane, family, *(getattr(counts, column) for column in COLUMNS))
            for one in rebuilt
            for family, counts in one.comparison.families.items()
        ]
        print_table(("lane", "family", *COLUMNS), rows)
    for one in rebuilt:
        played = f"{one.replay.records} records and {one.replay.timers} times that were over"
        note(
            f"Lane {one.lane}: {played} were played again; {one.replay.older} records are kept "
            f"no more, {one.replay.untold} have no line in the ledger."
        )


def _plain(one: "Rebuilt") -> dict[str, Any]:
    families = {name: asdict(counts) for name, counts in one.comparison.families.items()}
    return {
        "lane": one.lane,
        "records": one.replay.records,
        "timers": one.replay.timers,
        "older": one.replay.older,
        "untold": one.replay.untold,
        "families": families,
    }


def _moment(at_ms: int) -> str:
    return datetime.fromtimestamp(at_ms / 1000, tz=UTC).isoformat(timespec="seconds")
