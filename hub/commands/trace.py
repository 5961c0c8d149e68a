"""hub trace: what has become of an event, from sent to outcome."""

import time
from datetime import UTC, datetime
from typing import Annotated

import typer

from hub.commands.opening import opened
from hub.commands.printing import As, Output, note, print_json, print_table, print_text
from hub.errors import HubError


def trace(
    ctx: typer.Context,
    wanted: Annotated[
        str, typer.Argument(metavar="ID", help="The id of a case, an event or a delivery.")
    ],
    output: As = Output.TABLE,
) -> None:
    """Print the way of a case: each step with its party, its time and the working time it took.

    How an event travelled (received, routed, delivered, stored) is shown of the first event and of
    the one asked for. Read from the ledger's tables, which `hub connect ledger` fills.
    """
    settings = opened(ctx)
    from hub.trail import wording
    from hub.trails import Trails

    with Trails(settings) as trails:
        begun = time.perf_counter()
        found = trails.trace(wanted, datetime.now(UTC))
        took_ms = round(1000 * (time.perf_counter() - begun))
    if output is Output.JSON:
        print_json({"trails": [wording.plain(trail) for trail in found]})
    else:
        for trail in found:
            print_text(wording.one_line(trail))
            print_table(wording.COLUMNS, wording.rows(trail))
    if not found:
        remedy = "Check the id; what came in a moment ago may not be in the tables yet."
        raise HubError("The ledger knows no case, event or delivery of this id.", remedy=remedy)
    cases = "1 case" if len(found) == 1 else f"{len(found)} cases"
    note(f"{cases}, found in {took_ms} ms; times are those of Berlin.")
