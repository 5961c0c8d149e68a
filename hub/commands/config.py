"""hub config: which settings hold, and which there are."""

import typer

from hub.commands.opening import flags, opened
from hub.commands.printing import As, Output, print_json, print_table, print_text

app = typer.Typer(help="Show the settings and where they come from.", no_args_is_help=True)


@app.command(epilog="Example: hub config show -o json")
def show(ctx: typer.Context, output: As = Output.TABLE) -> None:
    """Print every setting with its value and its origin; secrets are masked."""
    settings = opened(ctx)
    from hub import origins

    shown = list(origins.show(settings, flags(ctx)))
    if output is Output.JSON:
        print_json({one.name: {"value": one.value, "origin": one.origin} for one in shown})
    else:
        print_table(("setting", "value", "origin"), ((s.name, s.value, s.origin) for s in shown))


@app.command(epilog="Example: hub config table > settings.md")
def table() -> None:
    """Print every setting there is as a Markdown table: variable, default, meaning."""
    from hub import origins

    print_text(origins.table())
