"""hub doctor: is everything there that the hub needs?"""

import typer

from hub.commands.opening import opened
from hub.commands.printing import As, Output, print_json, print_table


def doctor(ctx: typer.Context, output: As = Output.TABLE) -> None:
    """Check every part; exits 1 if one failed, 3 if one is not as it should be."""
    settings = opened(ctx)
    from hub import doctor as checking

    checks = list(checking.examine(settings))
    if output is Output.JSON:
        print_json({"checks": [one._asdict() for one in checks]})
    else:
        print_table(checking.Check._fields, checks)
    raise typer.Exit(checking.exit_code(checks))
