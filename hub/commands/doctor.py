"""hub doctor: is everything there that the hub needs?"""

from datetime import UTC, datetime

import typer

from hub.commands.opening import opened
from hub.commands.printing import As, Output, print_json, print_table


def doctor(ctx: typer.Context, output: As = Output.TABLE) -> None:
    """Check every part; exits 1 if one failed, 3 if one is not as it should be.

    What is not as it should be stands there with what to do about it. A connector is looked for if
    these settings ask for it, and the monitor if it is to send alerts or has run here before.
    """
    settings = opened(ctx)
    from hub.doctor.check import Check, exit_code
    from hub.doctor.rounds import examine

    checks = list(examine(settings, datetime.now(UTC)))
    if output is Output.JSON:
        print_json({"checks": [one._asdict() for one in checks]})
    else:
        print_table(Check._fields, checks)
    raise typer.Exit(exit_code(checks))
