"""hub statement: what was written to a party on a day, signed, so that both ends can compare."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated

import typer

from hub.commands.names import offered, parties
from hub.commands.opening import opened
from hub.commands.printing import As, Output, note, print_json, print_table
from hub.errors import UsageError


def statement(
    ctx: typer.Context,
    party: Annotated[
        str, typer.Argument(metavar="PARTY", help="Whose day.", autocompletion=offered(parties))
    ],
    day: Annotated[str, typer.Argument(metavar="DAY", help="A day that is over: 2026-11-02.")],
    *,
    received: Annotated[
        bool, typer.Option("--received", help="Work it out from the party's own topic.")
    ] = False,
    sign: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write it, signed, into this file.")
    ] = None,
    verify: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Compare with a signed statement.")
    ] = None,
    output: As = Output.TABLE,
) -> None:
    """Print count and hash of what was written to a party on a day, and gaps in what it sent.

    The hub works it out from the ledger, the recipient (--received) from its topic; whoever has a
    signed one compares. Exits 1 if the signature is not the hub's or anything is missing.
    """
    settings = opened(ctx)
    from hub import statements
    from hub.trail.statement import plain

    said = statements.work_out(settings, party, _day(day), received=received)
    if output is Output.JSON:
        print_json(plain(said))
    else:
        gaps = ((one.source, first, last) for one in said.sources for first, last in one.missing)
        print_table(
            ("party", "day", "count", "sha256"),
            [(said.party, said.day, said.count, said.sha256)],
        )
        print_table(("source", "missing from", "to"), gaps)
    if not received and not statements.is_read(said):
        note("Nothing later than this day was read yet: it may not be complete.")
    if sign is not None:
        note(f"Signed by {statements.sign(settings.ledger, said, sign)}.")
    if verify is not None:
        statements.compare(settings.ledger, said, verify)
        note("The signature is the hub's, and both say the same: nothing is missing.")


def _day(text: str) -> date:
    from hub.trail.local_time import day_of

    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise UsageError("This is no day.", where=text, remedy="Write it like 2026-11-02.") from (
            error
        )
    if day >= day_of(datetime.now(UTC)):
        raise UsageError("The day is not over yet.", where=text, remedy="Ask tomorrow.")
    return day
